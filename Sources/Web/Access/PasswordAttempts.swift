import Glibc
import Synchronization

/// Lets passwords be tried one at a time, and after wrong ones more and more seldom by whoever tried them.
///
/// Clients are told apart by their addresses, so that nobody is kept out by the guesses of others; of IPv6 the first
/// 64 bits count, since whoever has one of these addresses has them all.
final class PasswordAttempts: Sendable {
    private struct Client {
        var failures = 0
        var notBefore: ContinuousClock.Instant
    }

    private struct State {
        var isBusy = false
        var clients: [[UInt8]: Client] = [:]
    }

    /// So many are remembered; of more, those go that may try again soonest.
    static let mostClients = 1024
    /// After this time a client is as new.
    private static let memory = Duration.seconds(3600)

    private let state = Mutex(State())

    /// Tries a password.
    ///
    /// - Parameters:
    ///   - client: The address from which it comes.
    ///   - now: The moment.
    ///   - isRight: Whether it is the password.
    /// - Returns: Whether it is right; `nil` where it is too early for another attempt.
    func attempt(
        from client: String, at now: ContinuousClock.Instant = .now, _ isRight: () -> Bool
    ) -> Bool? {
        let key = Self.key(client)
        let mayTry = state.withLock { state in
            guard !state.isBusy, now >= state.clients[key]?.notBefore ?? now else { return false }
            state.isBusy = true
            return true
        }
        guard mayTry else { return nil }
        let result = isRight()
        state.withLock { state in
            state.isBusy = false
            state.clients = state.clients.filter { $0.value.notBefore + Self.memory > now }
            guard !result else {
                state.clients[key] = nil
                return
            }
            let failures = min((state.clients[key]?.failures ?? 0) + 1, 10)
            let pause = Duration.milliseconds(100 << min(failures, 8))
            if state.clients.count >= Self.mostClients,
                let soonest = state.clients.min(by: { $0.value.notBefore < $1.value.notBefore })
            {
                state.clients[soonest.key] = nil
            }
            state.clients[key] = Client(failures: failures, notBefore: max(now, .now) + pause)
        }
        return result
    }

    /// The bytes of an address that tell its client from others.
    static func key(_ client: String) -> [UInt8] {
        var six = in6_addr()
        guard inet_pton(AF_INET6, client, &six) == 1 else { return Array(client.utf8.prefix(64)) }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        // IPv4 in IPv6 (RFC 4291, 2.5.5.2) is a client each.
        let isMapped = bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        return isMapped ? bytes : Array(bytes.prefix(8))
    }
}
