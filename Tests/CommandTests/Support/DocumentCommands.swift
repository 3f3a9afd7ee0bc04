import Foundation
import RemoteWork
import SystemPackage
import TestSupport

/// The command lines in a document's fenced blocks.
struct DocumentCommands {
    /// Those that run the program, perhaps with a pipe behind it.
    let vignette: [String]
    /// Those that make something.
    let make: [String]

    /// Reads a document of the checkout.
    init(_ document: String) throws {
        let text = try String(
            contentsOfFile: BuildProducts.checkout.appending(document).string, encoding: .utf8)
        let commands = Self.commands(in: text)
        vignette = commands.filter { $0.hasPrefix("vignette ") }
        make = commands.filter { $0 == "make" || $0.hasPrefix("make ") }
    }

    /// Lines of blocks that hold shell, without prompt, comment, `sudo` and `time`; continued lines
    /// are joined.
    static func commands(in text: String) -> [String] {
        var commands: [String] = []
        var language: Substring?
        for line in text.replacing("\\\n", with: " ").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let trimmed = line.drop { $0 == " " }
            if trimmed.hasPrefix("```") {
                language = language == nil ? trimmed.dropFirst(3) : nil
            } else if let language, ["", "sh", "bash", "shell", "console"].contains(language) {
                commands.append(plain(trimmed))
            }
        }
        return commands.filter { !$0.isEmpty }
    }

    private static func plain(_ line: Substring) -> String {
        var line = line
        for prefix in ["$ ", "sudo ", "time ", "./.build/release/", ".build/release/", "./"]
        where line.hasPrefix(prefix) {
            line = line.dropFirst(prefix.count)
        }
        if let comment = line.firstRange(of: #/ +# .*$/#) {
            line = line[..<comment.lowerBound]
        }
        return line.trimmingCharacters(in: .whitespaces)
    }
}

/// A home in which the commands of a document find what they name.
struct DocumentHousehold {
    let sandbox: Sandbox
    /// Serves what documents tell people to fetch.
    private let world: ModelWorld
    /// Stands for every queue that documents name.
    private let database: TestDatabase?
    /// Folders that documents speak of, beside those of a home.
    private static let foreign = ["/srv/", "/mnt/", "/media/"]

    /// Makes every picture and folder that the commands name, and describes them.
    init(for commands: [String]) async throws {
        world = try ModelWorld(["VIGNETTE_MODEL": "demo"])
        sandbox = world.sandbox
        database =
            commands.contains { $0.contains("postgresql:") } && TestDatabase.programs != nil
            ? try TestDatabase() : nil
        if let database { try QueueSetup.run(database.address()) }
        let pictures = sandbox.home.appending("Pictures")
        // The tour goes through the samples themselves.
        try FileManager.default.copyItem(
            atPath: BuildProducts.checkout.appending("Samples").string,
            toPath: sandbox.home.appending("Samples").string)
        var number = 0
        for command in commands {
            for word in Self.words(localised(command)) {
                let path = FilePath(word.replacing("~", with: sandbox.home.string))
                let file = sandbox.home.pushing(path)
                number += 1
                if path.starts(with: "Samples") { continue }
                if Self.isMedia(path) {
                    try sandbox.write(PictureFactory.png(number), to: file)
                } else if path.isAbsolute, path.starts(with: sandbox.home),
                    path.extension != "sqlite"
                {
                    try sandbox.write(PictureFactory.png(number), to: file.appending("a.png"))
                }
            }
        }
        try sandbox.write(PictureFactory.png(0), to: pictures.appending("boat at the beach.png"))
        try sandbox.configure("folders: [\(sandbox.home.string)]\n")
        _ = try await sandbox.run(plainly: ["scan"])
    }

    /// Runs a command as the document shows it; what would run for ever is stopped as a person does.
    func run(_ command: String) async throws -> ProgramResult {
        let program = try BuildProducts.program("vignette").removingLastComponent()
        let local = localised(command)
        let watches = local.hasPrefix("vignette watch")
        if local.hasPrefix("vignette work ") { return try await worked(local) }
        if local.hasPrefix("vignette serve"), !local.contains("--") {
            return try await served(local)
        }
        let script =
            watches
            ? """
            \(local) & daemon=$!
            for i in $(seq 300); do
                vignette status --json | grep -q "\\"daemon\\":$daemon" && break; sleep 0.1
            done
            kill -INT $daemon; wait $daemon
            """ : local
        // An interactive shell's background jobs heed Ctrl-C; a script's need this.
        return try await sandbox.shell(
            "PATH='\(program.string)':$PATH; cd \"$HOME\"; set -m; \(script)")
    }

    /// Lets a machine help until it is known to do so, and stops it.
    private func worked(_ command: String) async throws -> ProgramResult {
        guard let database else { return try await sandbox.shell("true") }
        let worker = try RunningProgram(
            sandbox.launch(["work", "--queue", ProgramArgument(database.address())]))
        try await eventually("it is there") {
            try database.query("SELECT count(*) > 0 FROM vignette.worker") == ["t"]
        }
        return try await worker.stop(SIGINT)
    }

    /// Runs a page until it is there, and stops it; at a port that is free, whatever else runs here.
    private func served(_ command: String) async throws -> ProgramResult {
        let words = command.split(separator: " ").dropFirst().map { ProgramArgument(String($0)) }
        let page = try RunningProgram(
            sandbox.launch(words + ["--listen", "127.0.0.1:0"]))
        try await eventually("the page is there") { page.errors.text.contains("the page is at") }
        return try await page.stop(SIGINT)
    }

    /// Says what a make command would do.
    func runDry(_ command: String) async throws -> ProgramResult {
        let words = command.dropFirst("make".count)
        return try await sandbox.shell(
            "cd \"$1\"; make -n \(words)", arguments: [BuildProducts.checkout])
    }

    /// The command with every place it names inside the sandbox, and with the model there is.
    private func localised(_ command: String) -> String {
        var command = command
        for folder in Self.foreign {
            command = command.replacing(folder, with: sandbox.home.string + folder)
        }
        command = command.replacing(" DIR", with: " ~/Pictures")
        // What a document says of the system's service is tried on a person's own library, and below a folder.
        command = command.replacing(" --service", with: "")
        command = command.replacing(
            "service add-folder", with: "service add-folder --root ~/system")
        if let database {
            command = command.replacing(#/postgresql:[^ ]+/#, with: "'\(database.address())'")
        }
        let model = BuildProducts.checkout.appending("Models/demo").string
        // The bundled models are there by their names.
        return command.replacing(
            #/--model (?!(photographs|demo) )[^ ]+/#, with: "--model \(model)")
    }

    private static func words(_ command: String) -> [String] {
        let own = command.split(separator: "|").first ?? ""
        return own.split(separator: " ").map {
            $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
        }
    }

    private static func isMedia(_ path: FilePath) -> Bool {
        ["jpg", "jpeg", "png", "heic", "mp4", "mov"].contains(path.extension ?? "")
    }
}
