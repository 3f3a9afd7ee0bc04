import FileSystem
public import Foundation
import SystemPackage

/// Where the hub is and how it is spoken to, from the variables that the hub's own programs read.
public struct HubEnvironment: Sendable {
    /// The hub; a mirror where `HF_ENDPOINT` names one.
    let endpoint: WebAddress
    /// What identifies the user to the hub, and is sent to nobody else.
    let token: String?
    /// The hub's own cache on this machine.
    let cache: FilePath
    /// Whether nothing may be asked of the network.
    public var isOffline: Bool
    /// How long a connection may be silent.
    let patience: Duration
    let proxies: ProxySettings
    let trust: TrustSettings

    /// Reads `HF_ENDPOINT`, `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_HOME`, `HF_HUB_CACHE`,
    /// `HF_HUB_OFFLINE`, `HF_HUB_DOWNLOAD_TIMEOUT` and the variables for proxies and
    /// certificates.
    ///
    /// - Parameter variables: The environment.
    /// - Throws: `HubError` naming the variable that cannot be used.
    public init(
        _ variables: [String: String] = ProcessInfo.processInfo.environment
    ) throws(HubError) {
        let text = variables["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
        guard let endpoint = WebAddress(text ?? "https://huggingface.co") else {
            throw HubError("HF_ENDPOINT", "is no http or https address: '\(text ?? "")'")
        }
        self.endpoint = endpoint
        let home = Self.home(variables)
        cache =
            ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"].lazy.compactMap { Self.path($0, variables) }
            .first ?? home.appending("hub")
        token = try Self.token(variables, home: home)
        isOffline = ["1", "ON", "YES", "TRUE"].contains(
            variables["HF_HUB_OFFLINE"]?.uppercased() ?? "")
        patience = try Self.patience(variables["HF_HUB_DOWNLOAD_TIMEOUT"])
        proxies = try ProxySettings(variables)
        trust = try TrustSettings(variables)
    }

    private static func path(_ name: String, _ variables: [String: String]) -> FilePath? {
        guard let text = variables[name], !text.isEmpty else { return nil }
        guard text == "~" || text.hasPrefix("~/") else { return FilePath(text) }
        return FilePath((variables["HOME"] ?? "") + text.dropFirst())
    }

    private static func home(_ variables: [String: String]) -> FilePath {
        if let home = path("HF_HOME", variables) { return home }
        let user = FilePath(variables["HOME"] ?? NSHomeDirectory())
        let caches = path("XDG_CACHE_HOME", variables) ?? user.appending(".cache")
        return caches.appending("huggingface")
    }

    private static func token(
        _ variables: [String: String], home: FilePath
    ) throws(HubError) -> String? {
        let given = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].lazy.compactMap { variables[$0] }.first {
            !$0.isEmpty
        }
        let file = path("HF_TOKEN_PATH", variables) ?? home.appending("token")
        guard let text = given ?? Self.contents(of: file) else { return nil }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty else { return nil }
        guard token.utf8.count <= 4096, token.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw HubError(given == nil ? file.string : "HF_TOKEN", "holds no token of the hub")
        }
        return token
    }

    private static func contents(of file: FilePath) -> String? {
        guard let bytes = try? BoundedFile.contents(at: file, limit: 65_536) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Ten seconds are the default of the hub's own programs; a slow disk behind a mirror needs more.
    private static func patience(_ text: String?) throws(HubError) -> Duration {
        guard let text, !text.isEmpty else { return .seconds(30) }
        guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
            throw HubError("HF_HUB_DOWNLOAD_TIMEOUT", "is no number of seconds: '\(text)'")
        }
        return .milliseconds(Int64(max(1, seconds * 1000)))
    }
}
