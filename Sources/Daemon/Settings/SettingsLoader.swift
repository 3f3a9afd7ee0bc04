import Captioning
import Configuration
public import Foundation
import MediaDecoding
public import SystemPackage

/// Merges flags, environment, file and defaults, in this order, into `Settings`.
public struct SettingsLoader: Sendable {
    private let paths: StandardPaths
    private let environment: [String: String]

    /// Loads against an environment.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        // A variable that is set to nothing is as good as unset.
        var environment = environment.filter { !$0.value.isEmpty }
        for (name, key) in SettingKey.formerNames {
            let former = environment.removeValue(forKey: SettingKey.environmentName(name))
            if let former, environment[key.environmentName] == nil {
                environment[key.environmentName] = former
            }
        }
        self.environment = environment
        paths = StandardPaths(environment: environment)
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - flags: What the command line says, by key.
    ///   - file: The file that `--config` names; it must exist then.
    /// - Returns: Every setting with the value in force.
    /// - Throws: `SettingsError`.
    public func load(flags: [SettingKey: String] = [:], file: FilePath? = nil) throws
        -> Settings
    {
        try refuseUnknownVariables()
        let chosen = file ?? paths.configurationFiles.first { exists($0) }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: Self.provided(flags.mapValues { [$0] })),
            EnvironmentVariablesProvider(environmentVariables: environment)
                .prefixKeys(with: "vignette"),
        ]
        if let chosen {
            let values = try SettingsFile.read(chosen)
            providers.append(InMemoryProvider(name: chosen.string, values: Self.provided(values)))
        }
        let values = SettingsReader(
            reader: ConfigReader(providers: providers), flags: flags, environment: environment,
            file: chosen)
        return try values.settings(paths: paths)
    }

    /// Variables that begin like ours and name no key are misspelt keys.
    private func refuseUnknownVariables() throws {
        let known = Set(SettingKey.allCases.map(\.environmentName)).union(Self.otherVariables)
        for name in environment.keys.sorted()
        where name.hasPrefix("VIGNETTE_") && !known.contains(name) {
            throw SettingsError(
                place: "environment", problem: "unknown variable '\(name)'; unset it or correct it")
        }
    }

    /// Variables with our prefix that are no configuration keys: the configuration file, the decoder's place,
    /// the kernels' instruction set, test data.
    static let otherVariables: Set<String> = [
        "VIGNETTE_CONFIG", "VIGNETTE_DECODER", "VIGNETTE_KERNELS", "VIGNETTE_ORACLES",
        "VIGNETTE_SOAK",
    ]

    private func exists(_ path: FilePath) -> Bool {
        FileManager.default.fileExists(atPath: path.string)
    }

    private static func provided(_ texts: [SettingKey: [String]])
        -> [AbsoluteConfigKey: ConfigValue]
    {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, texts) in texts {
            let content: ConfigContent =
                key.form == .list ? .stringArray(texts) : .string(texts.first ?? "")
            values[AbsoluteConfigKey(ConfigKey(key.rawValue))] = ConfigValue(
                content, isSecret: false)
        }
        return values
    }
}
