import Foundation
import NIOHTTP1
import Synchronization
import SystemPackage
import TestHub
import TestSupport
import Testing

@testable import ModelHub

/// Hubs and proxies that speak TLS: who is believed, and what a proxy on the way gets to see.
@Suite struct PullEncryptionTests {
    /// A hub behind TLS, its storage host too.
    private struct World {
        let fixture: PullFixture
        let authority: TestAuthority
        let hub: TLSRelay
        let storage: TLSRelay

        /// Starts both with a certificate for `host`.
        init(for host: String = "IP:127.0.0.1") throws {
            fixture = try PullFixture()
            authority = try TestAuthority(in: fixture.directory.path)
            let identity = try authority.identity(for: host)
            hub = try TLSRelay(to: fixture.hub.endpoint, as: identity)
            storage = try TLSRelay(to: fixture.hub.storage, as: identity)
            setFault(nil)
        }

        /// Lets redirects lead to the storage host's encrypted address.
        func setFault(_ fault: TestHub.Fault?) {
            let (plain, encrypted) = (fixture.hub.storage, "https://\(storage.address)")
            fixture.hub.setFault { request, response in
                if let location = response.headers.first(name: "Location") {
                    response.headers.replaceOrAdd(
                        name: "Location", value: location.replacing(plain, with: encrypted))
                }
                fault?(request, &response)
            }
        }

        /// The variables of a person who believes the authority.
        func variables(_ more: [String: String] = [:]) -> [String: String] {
            [
                "HF_ENDPOINT": "https://\(hub.address)",
                "SSL_CERT_FILE": authority.certificate.string, "HF_TOKEN": "hf_secret",
            ].merging(more) { $1 }
        }
    }

    @Test(arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
    func hubOfAnAuthorityThatAVariableNamesIsBelieved(variable: String) async throws {
        let world = try World()
        var variables = world.variables(["SSL_CERT_FILE": ""])
        variables[variable] = world.authority.certificate.string
        _ = try await world.fixture.pull(variables: variables)
        try world.fixture.expectWhole()
        for request in world.fixture.hub.requests {
            let expected = request.host == .hub ? ["Bearer hf_secret"] : []
            #expect(request.headers["Authorization"] == expected)
        }
    }

    @Test func authoritiesOfAFolderAreBelieved() async throws {
        let world = try World()
        try shell(
            "mkdir folder && cp \"$1\" folder && openssl rehash folder",
            [ProgramArgument(world.authority.certificate)], in: world.fixture.directory.path)
        let folder = world.fixture.directory.path.appending("folder").string
        _ = try await world.fixture.pull(
            variables: world.variables(["SSL_CERT_FILE": "", "SSL_CERT_DIR": folder]))
        try world.fixture.expectWhole()
    }

    @Test func connectionsAreUsedAgain() async throws {
        let world = try World()
        _ = try await world.fixture.pull(variables: world.variables(), connections: 3)
        // One for each transfer at a time, not one for each request.
        #expect(world.fixture.hub.requests.count > 20)
        #expect(world.hub.attempts.begun + world.storage.attempts.begun <= 8)
    }

    @Test func encryptedConnectionsThatAreCutAreContinued() async throws {
        let world = try World()
        let cuts = Mutex((SeededGenerator(seed: 14), 0))
        world.setFault { request, response in
            guard request.host == .storage, response.body.count > 1 else { return }
            cuts.withLock { state in
                guard state.1 < 12 else { return }
                state.1 += 1
                let count = Int.random(in: 1..<response.body.count, using: &state.0)
                response.ending = .cut(after: count)
            }
        }
        _ = try await world.fixture.pull(variables: world.variables(), attempts: 8)
        try world.fixture.expectWhole()
    }

    @Test func certificateOfAnotherAuthorityIsRefusedAtOnce() async throws {
        let world = try World()
        let other = try TestAuthority("other", in: world.fixture.directory.path)
        let words = try await world.fixture.failure(
            variables: world.variables(["SSL_CERT_FILE": other.certificate.string]))
        #expect(words.contains("no authority known here has signed"), "\(words)")
        #expect(words.contains("SSL_CERT_FILE"), "\(words)")
        #expect(world.hub.attempts.begun == 1 && world.fixture.hub.requests.isEmpty)
    }

    @Test func certificateOfAnAuthorityThatTheSystemDoesNotKnowIsRefused() async throws {
        let world = try World()
        let words = try await world.fixture.failure(
            variables: world.variables(["SSL_CERT_FILE": ""]))
        #expect(words.contains("no authority known here has signed"), "\(words)")
        #expect(world.fixture.hub.requests.isEmpty)
    }

    @Test(arguments: ["DNS:elsewhere.example", "IP:127.0.0.2"])
    func certificateForAnotherNameIsRefusedAtOnce(host: String) async throws {
        let world = try World(for: host)
        let words = try await world.fixture.failure(variables: world.variables())
        #expect(words.contains("was made for another name"), "\(words)")
        #expect(world.hub.attempts.begun == 1 && world.fixture.hub.requests.isEmpty)
    }

    @Test func storageHostIsHeldToTheSame() async throws {
        let world = try World()
        let other = try TestAuthority("other", in: world.fixture.directory.path)
        let impostor = try TLSRelay(
            to: world.fixture.hub.storage, as: other.identity(for: "IP:127.0.0.1"))
        world.setFault { request, response in
            guard request.method == .GET, response.status == .found else { return }
            response.headers.replaceOrAdd(
                name: "Location", value: "https://\(impostor.address)/blobs/x")
        }
        let words = try await world.fixture.failure(variables: world.variables())
        #expect(words.contains("no authority known here has signed"), "\(words)")
        #expect(!world.fixture.hub.requests.contains { $0.host == .storage })
    }

    @Test func redirectToWhatIsNotEncryptedIsRefused() async throws {
        let world = try World()
        world.fixture.hub.setFault(nil)
        let words = try await world.fixture.failure(variables: world.variables())
        #expect(words.contains("which is not encrypted"), "\(words)")
        #expect(!world.fixture.hub.requests.contains { $0.host == .storage })
    }

    @Test func serverThatDoesNotSpeakTLSIsAnError() async throws {
        let world = try World()
        let words = try await world.fixture.failure(
            variables: world.variables([
                "HF_ENDPOINT": world.fixture.hub.endpoint.replacing("http:", with: "https:")
            ]), attempts: 2)
        #expect(words.contains("the connection failed"), "\(words)")
    }

    @Test func proxyLeadsToAnEncryptedHubAndSeesNoToken() async throws {
        let world = try World()
        let proxy = try TestProxy()
        _ = try await world.fixture.pull(
            variables: world.variables(["HTTPS_PROXY": "http://user:word@\(proxy.address)"]))
        try world.fixture.expectWhole()
        #expect(proxy.requests.contains { $0.hasPrefix("CONNECT \(world.hub.address) ") })
        #expect(proxy.requests.contains { $0.hasPrefix("CONNECT \(world.storage.address) ") })
        #expect(!proxy.requests.contains { $0.contains("secret") })
    }

    @Test func proxyThatIsSpokenToByTLSLeadsToTheHub() async throws {
        let world = try World()
        let proxy = try TestProxy()
        let front = try TLSRelay(
            to: proxy.address, as: world.authority.identity(for: "IP:127.0.0.1"))
        let variables = world.variables(["HTTPS_PROXY": "https://user:word@\(front.address)"])
        _ = try await world.fixture.pull(variables: variables)
        try world.fixture.expectWhole()
        #expect(!proxy.requests.isEmpty)
    }

    @Test func proxyWithAWrongCertificateIsRefusedBeforeItLearnsThePassword() async throws {
        let world = try World()
        let proxy = try TestProxy()
        let other = try TestAuthority("other", in: world.fixture.directory.path)
        let front = try TLSRelay(to: proxy.address, as: other.identity(for: "IP:127.0.0.1"))
        let words = try await world.fixture.failure(
            variables: world.variables(["HTTPS_PROXY": "https://user:word@\(front.address)"]))
        #expect(words.contains("no authority known here has signed"), "\(words)")
        #expect(proxy.requests.isEmpty)
    }

    @Test(arguments: [
        (407, "the proxy asks for a name and password"), (403, "the proxy refuses to lead there"),
    ]) func proxyThatRefusesIsAnErrorThatSaysSo(status: Int, said: String) async throws {
        let world = try World()
        let proxy = try TestProxy(refusing: status)
        let words = try await world.fixture.failure(
            variables: world.variables(["HTTPS_PROXY": "http://\(proxy.address)"]))
        #expect(words.contains(said), "\(words)")
        #expect(proxy.requests.count == 1, "it would refuse again")
    }
}
