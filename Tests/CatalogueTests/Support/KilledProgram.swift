@testable import Catalogue
import Foundation
import GRDB
import Glibc
import SystemPackage
import TestSupport

/// The built program, started on copies of one catalogue and killed at random moments.
struct KilledProgram {
    /// Whether this is a long run (`make soak`).
    static let isLong = ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] != nil

    /// More kills in long runs.
    static func kills(_ few: Int, soak many: Int) -> Int { isLong ? many : few }

    private let directory: TemporaryDirectory
    private let arguments: [ProgramArgument]
    private var random: SplitMix
    /// When the program opens the catalogue, as far as that can be seen, and when it ends if it is let.
    private let begin: Duration
    private let end: Duration
    /// The catalogue that it works on.
    let path: FilePath
    private let template: FilePath
    private(set) var kills = 0

    /// Prepares a catalogue and runs the program on it once.
    ///
    /// - Parameters:
    ///   - arguments: The subcommand, with `EMPTY` for the path of an empty folder.
    ///   - seed: Of the moments.
    ///   - prepare: Makes the catalogue.
    /// - Throws: What `prepare` throws, and when the program does not end well by itself.
    init(_ arguments: [String], seed: UInt64, prepare: (FilePath) throws -> Void) throws {
        directory = try TemporaryDirectory()
        let folder = directory.path
        let empty = folder.appending("empty")
        try FileManager.default.createDirectory(
            atPath: empty.string, withIntermediateDirectories: false)
        self.arguments = arguments.map { ProgramArgument($0 == "EMPTY" ? empty.string : $0) }
        random = SplitMix(seed: seed)
        template = folder.appending("template.sqlite")
        path = folder.appending("catalogue.sqlite")
        try prepare(template)
        try Self.copy(template, to: path)
        let start = ContinuousClock.now
        let program = try Self.start(self.arguments, on: path, in: folder)
        var opening = start
        let lock = path.string + ".lock"
        while program.isRunning {
            if opening == start, FileManager.default.fileExists(atPath: lock) { opening = .now }
            usleep(500)
        }
        let result = program.waitForResult()
        guard result.status == 0 else { throw NeverHappened(description: "\(result)") }
        begin = opening - start
        end = ContinuousClock.now - start
    }

    /// Puts the catalogue back to what it was in the beginning.
    func restore() throws { try Self.copy(template, to: path) }

    /// Starts the program and kills it at a random moment, if it has not ended before.
    ///
    /// - Returns: What it left.
    mutating func kill() async throws -> ProgramResult {
        kills += 1
        let program = try Self.start(arguments, on: path, in: directory.path)
        let share = Double.random(in: 0..<1, using: &random)
        try await Task.sleep(for: begin + (end - begin) * share)
        return try await program.stop(SIGKILL)
    }

    /// Lets it run to its end.
    func run() throws -> ProgramResult {
        try Self.start(arguments, on: path, in: directory.path).waitForResult()
    }

    /// Looks at the catalogue as it was left, without opening it as its owner.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        // One that may write would copy the log back as it closes; that is for the program to do.
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path.string, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read(body)
    }

    private static func copy(_ original: FilePath, to copy: FilePath) throws {
        for suffix in ["", "-wal", "-shm"] {
            let (from, to) = (original.string + suffix, copy.string + suffix)
            if FileManager.default.fileExists(atPath: to) {
                try FileManager.default.removeItem(atPath: to)
            }
            // What others share of a log is made anew.
            guard suffix != "-shm", FileManager.default.fileExists(atPath: from) else { continue }
            try FileManager.default.copyItem(atPath: from, toPath: to)
        }
    }

    private static func start(
        _ arguments: [ProgramArgument], on catalogue: FilePath, in home: FilePath
    ) throws -> RunningProgram {
        let inherited = ProcessInfo.processInfo.environment
        var environment = [
            "HOME": home.string, "PATH": inherited["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8",
        ]
        environment["LD_LIBRARY_PATH"] = inherited["LD_LIBRARY_PATH"]
        return try RunningProgram(
            ProgramLaunch(
                try BuildProducts.program("vignette"),
                arguments.prefix(1) + ["--catalogue", ProgramArgument(catalogue)]
                    + arguments.dropFirst(),
                environment: environment))
    }
}
