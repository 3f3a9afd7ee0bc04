import Catalogue
import Daemon
import Foundation
import SystemPackage

/// Something that takes long to count: kept, and counted anew on a thread of its own when the catalogue has changed, but
/// for a twentieth of the time at most.
///
/// Whoever asks gets what was counted last, unless counting anew takes but a moment; only the first waits to the end.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class KeptCount<Value: Sendable>: @unchecked Sendable {
    private struct State {
        var value: Value?
        var version = 0
        var notBefore = ContinuousClock.now
        var isCounting = false
        var failure: (any Error)?
    }

    /// Seconds that somebody waits for a new count where there is an old one.
    private static var patience: Double { 0.1 }

    private let path: FilePath
    private let count: @Sendable (Catalogue) throws -> Value
    private let pause: Duration
    private let condition = NSCondition()
    private let threads = ThreadGroup()
    private var state = State()
    /// Used by the thread that counts, of which there is one at a time.
    private var reader: Catalogue?

    /// Prepares; nothing is opened or counted yet.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - pause: The least time between two counts.
    ///   - count: Counts.
    init(
        _ catalogue: FilePath, pause: Duration = .seconds(2),
        _ count: @escaping @Sendable (Catalogue) throws -> Value
    ) {
        path = catalogue
        self.pause = pause
        self.count = count
    }

    /// What was counted, which may lag behind the catalogue.
    ///
    /// - Throws: What counting throws, where nothing was counted before.
    func value() throws -> Value {
        begin()
        condition.lock()
        defer { condition.unlock() }
        let limit = Date() + Self.patience
        while state.isCounting {
            if state.value == nil {
                condition.wait()
            } else if !condition.wait(until: limit) {
                break
            }
        }
        if let value = state.value { return value }
        throw state.failure ?? CocoaError(.userCancelled)
    }

    /// Begins to count, if it is time for it.
    func begin() {
        condition.lock()
        defer { condition.unlock() }
        guard !state.isCounting, ContinuousClock.now >= state.notBefore else { return }
        state.isCounting = true
        state.failure = nil
        threads.start("counting") { [self] in refresh() }
    }

    /// Waits for what is being counted.
    func close() { try? threads.wait() }

    private func refresh() {
        let begin = ContinuousClock.now
        let result = Result { try counted() }
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        state.isCounting = false
        switch result {
        case .success(let (value, version)):
            if let value { (state.value, state.version) = (value, version) }
            let effort = ContinuousClock.now - begin
            state.notBefore = .now + (value == nil ? .zero : max(effort * 20, pause))
        case .failure(let error): state.failure = error
        }
    }

    /// - Returns: The count and what it is of; no count where nothing has changed.
    private func counted() throws -> (Value?, Int) {
        let reader = try reader ?? Catalogue(at: path, access: .reader)
        self.reader = reader
        // The number means something on one connection alone.
        let version = try reader.dataVersion()
        let known = condition.withLock { state.value == nil ? nil : state.version }
        return version == known ? (nil, version) : (try count(reader), version)
    }
}
