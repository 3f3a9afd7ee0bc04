import Foundation
import SystemPackage
import TestSupport

/// A person's whole world for one test: a home, a catalogue, a folder of pictures, an environment.
final class Sandbox: Sendable {
    private let directory: TemporaryDirectory
    /// The environment that programs get: quick to settle and quick to forget.
    let environment: [String: String]

    /// Everything lies below.
    var path: FilePath { directory.path }
    /// The home folder.
    var home: FilePath { path.appending("home") }
    /// The catalogue's file.
    var catalogue: FilePath { path.appending("state/catalogue.sqlite") }
    /// The folder that is watched.
    var pictures: FilePath { path.appending("pictures") }

    /// Makes the folders.
    ///
    /// `settings` are further environment variables; an empty value removes one.
    init(_ settings: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        let inherited = ProcessInfo.processInfo.environment
        var environment = [
            "HOME": directory.path.appending("home").string,
            "XDG_CONFIG_HOME": directory.path.appending("config").string,
            "XDG_DATA_HOME": directory.path.appending("data").string,
            "XDG_CACHE_HOME": directory.path.appending("cache").string,
            "PATH": inherited["PATH"] ?? "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "VIGNETTE_WATCHING_SETTLE": "0.2",
            "VIGNETTE_WATCHING_GRACE": "1",
            "VIGNETTE_CAPTIONING_ANSWER_TOKENS": "12",
            // The pictures of tests are drawn, and this model knows each of them apart.
            "VIGNETTE_MODEL": "demo",
        ]
        environment["LD_LIBRARY_PATH"] = inherited["LD_LIBRARY_PATH"]
        environment.merge(settings) { $1 }
        self.environment = environment.filter { !$0.value.isEmpty }
        for folder in [home, pictures] {
            try FileManager.default.createDirectory(
                atPath: folder.string, withIntermediateDirectories: true)
        }
    }

    /// A way to start the program with this world around it, and `settings` for this run only.
    func launch(
        _ arguments: [ProgramArgument], settings: [String: String] = [:]
    ) throws -> ProgramLaunch {
        ProgramLaunch(
            try BuildProducts.program("vignette"), arguments,
            environment: environment.merging(settings) { $1 }, workingDirectory: path)
    }

    /// Runs the program to its end, without a catalogue of its own choosing.
    func run(
        plainly arguments: [ProgramArgument], settings: [String: String] = [:],
        within bound: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        try await RunningProgram(launch(arguments, settings: settings)).result(within: bound)
    }

    /// Runs a subcommand on this world's catalogue to its end.
    func run(
        _ arguments: ProgramArgument..., settings: [String: String] = [:],
        within bound: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        try await run(
            plainly: onCatalogue(arguments), settings: settings, within: bound)
    }

    /// A subcommand's arguments with this world's catalogue among them.
    func onCatalogue(_ arguments: [ProgramArgument]) -> [ProgramArgument] {
        arguments.prefix(1) + ["--catalogue", ProgramArgument(catalogue)] + arguments.dropFirst()
    }

    /// Starts the daemon on this world's catalogue, and on its pictures if no other root is named.
    func watch(
        _ roots: [FilePath] = [], settings: [String: String] = [:]
    ) throws -> RunningProgram {
        let folders = (roots.isEmpty ? [pictures] : roots).map { ProgramArgument($0) }
        return try RunningProgram(
            launch(
                onCatalogue(["watch"] + folders), settings: settings))
    }

    /// Runs a line of shell with this world's environment; `$VIGNETTE` and `$CATALOGUE` name the
    /// program and the catalogue.
    func shell(
        _ script: String, arguments: [FilePath] = [], within bound: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        var variables = environment
        // Not with the program's own prefix, of which it refuses names that it does not know.
        variables["PROGRAM"] = try BuildProducts.program("vignette").string
        variables["CATALOGUE"] = catalogue.string
        return try await RunningProgram(
            ProgramLaunch(
                "/bin/bash",
                ["-c", ProgramArgument(script), "bash"]
                    + arguments.map { ProgramArgument($0) },
                environment: variables, workingDirectory: path)
        ).result(within: bound)
    }

    /// Writes the configuration file that is looked for when none is named.
    func configure(_ text: String) throws {
        let file = path.appending("config/vignette/vignette.yaml")
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(text.utf8).write(toExactly: file)
    }

    /// Copies the bundled model for drawings to a folder with another name, and so makes another model of it.
    func copyModel(named name: FilePath.Component) throws -> FilePath {
        let model = path.appending(name)
        try FileManager.default.copyItem(
            atPath: BuildProducts.checkout.appending("Models/demo").string, toPath: model.string)
        return model
    }

    /// Writes a file below the pictures, with the folders above it.
    @discardableResult
    func write(_ data: Data, to name: FilePath) throws -> FilePath {
        let file = pictures.pushing(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try data.write(toExactly: file)
        return file
    }
}
