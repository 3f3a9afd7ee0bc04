public import Foundation
public import SystemPackage

/// Where things live: systemd's folders for a service, the XDG folders for a person.
public struct StandardPaths: Sendable {
    private let environment: [String: String]

    /// Resolves against an environment.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// What a service of this system has in its environment, and nothing of a person's.
    public static let serviceEnvironment = [
        "HOME": "/var/lib/vignette", "STATE_DIRECTORY": "/var/lib/vignette",
        "CACHE_DIRECTORY": "/var/cache/vignette",
    ]

    /// Where the system's service has everything.
    public static var service: StandardPaths { StandardPaths(environment: serviceEnvironment) }

    /// Configuration files that are tried, the first that exists is read.
    public var configurationFiles: [FilePath] {
        let personal = xdg("XDG_CONFIG_HOME", ".config").appending("vignette/vignette.yaml")
        let system = FilePath("/etc/vignette/vignette.yaml")
        return isService ? [system, personal] : [personal, system]
    }

    /// The folder of the catalogue and the models.
    public var state: FilePath {
        if let folder = environment["STATE_DIRECTORY"]?.split(separator: ":").first {
            return FilePath(String(folder))
        }
        return xdg("XDG_DATA_HOME", ".local/share").appending("vignette")
    }

    /// The catalogue's file.
    public var catalogue: FilePath { state.appending("catalogue.sqlite") }

    /// The folder that holds one folder a model.
    public var models: FilePath { state.appending("models") }

    /// The folder for what can be made anew at any time.
    public var cache: FilePath {
        if let folder = environment["CACHE_DIRECTORY"]?.split(separator: ":").first {
            return FilePath(String(folder))
        }
        return xdg("XDG_CACHE_HOME", ".cache").appending("vignette")
    }

    /// The home folder.
    public var home: FilePath { FilePath(environment["HOME"] ?? NSHomeDirectory()) }

    /// Whether systemd started this process as a service with state of its own.
    private var isService: Bool { environment["STATE_DIRECTORY"] != nil }

    private func xdg(_ variable: String, _ fallback: String) -> FilePath {
        // The XDG specification says that relative paths are invalid and to be ignored.
        if let value = environment[variable], value.hasPrefix("/") { return FilePath(value) }
        return home.appending(fallback)
    }

    /// Makes a path absolute: `~` is the home folder, relative paths start at the current folder.
    public func absolute(_ path: FilePath) -> FilePath {
        if path.isAbsolute { return path.lexicallyNormalized() }
        let components = path.components
        if let first = components.first, first.string == "~" {
            var result = home
            for component in components.dropFirst() { result.append(component) }
            return result.lexicallyNormalized()
        }
        let current = FilePath(FileManager.default.currentDirectoryPath)
        return current.pushing(path).lexicallyNormalized()
    }
}
