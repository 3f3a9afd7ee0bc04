import ArgumentParser
import CLinux
import Finding
import Foundation
import Glibc
import SystemPackage

/// The program: one subcommand for each thing a person does.
@main
struct Vignette: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vignette",
        abstract: "Describes the pictures and clips in your folders, so that words find them.",
        discussion: """
            Everything happens on this machine: a vision-language model looks at every new file, and \
            caption, tags and vision token are kept in one SQLite file.

            EXAMPLES
              vignette watch ~/Pictures        describe what is there and whatever comes
              vignette search boat beach       find pictures of boats at the beach

            Exit status: 0 success, 1 failure, 2 wrong usage, 3 a scan that was ended before it was done.
            """,
        version: "0.1.0",
        subcommands: [
            WatchCommand.self, ScanCommand.self, CaptionCommand.self, SearchCommand.self,
            SimilarCommand.self, MomentsCommand.self, DuplicatesCommand.self, ShowCommand.self,
            TagsCommand.self, EditCommand.self, LogCommand.self, ExportCommand.self,
            ImportCommand.self, AskCommand.self, ExplainCommand.self, AnalyseCommand.self,
            MCPCommand.self,
            ServeCommand.self,
            OpenCommand.self,
            SidecarsCommand.self, StatusCommand.self, RetryCommand.self,
            RedoCommand.self, RereadCommand.self, ForgetCommand.self, DoctorCommand.self,
            BenchCommand.self, ModelCommand.self, WorkCommand.self, WorkersCommand.self,
            ServiceCommand.self, DocumentationCommand.self,
        ])

    static func main() {
        // A reader that closes its end early, such as `head`, is told apart by the failing write.
        signal(SIGPIPE, SIG_IGN)
        // What is large goes back to the system when it is freed, and what is small comes from two arenas. The
        // allocator would raise that bound with each large piece, and have an arena for every thread, which all fill
        // with what pictures leave behind.
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        mallopt(M_ARENA_MAX, 2)
        // Below that the end of the heap is kept: SQLite asks for 150 KB and frees them with each change, which would
        // be a call of the system each time.
        mallopt(M_TRIM_THRESHOLD, 4 << 20)
        checkArguments()
        checkCommandNames()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            finish(with: error)
        }
    }

    /// Ends with wrong usage where there is more than the argument parser gets done with.
    private static func checkArguments() {
        guard let refusal = ArgumentBounds.refusal(of: Array(CommandLine.arguments.dropFirst()))
        else { return }
        StandardError.write("Error: \(refusal)\n")
        Glibc.exit(2)
    }

    /// Ends with wrong usage where a command is named that there is none of.
    private static func checkCommandNames() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let unknown = CommandPath.firstUnknown(in: arguments, of: Self.self) else { return }
        let path = unknown.path.joined(separator: " ")
        let word = PathText(FilePath(unknown.word)).display
        StandardError.write(
            "Error: There is no command '\(word)'. Usage: \(path) COMMAND; '\(path) --help' lists "
                + "them.\n")
        Glibc.exit(2)
    }

    /// Says what went wrong and ends with the documented status.
    private static func finish(with error: any Error) -> Never {
        switch exitCode(for: error) {
        case .success:
            StandardOutput.write(fullMessage(for: error) + "\n")
            Glibc.exit(0)
        case .validationFailure:
            StandardError.write(ArgumentBounds.shortened(fullMessage(for: error)) + "\n")
            Glibc.exit(2)
        case let code where error is ExitCode:
            Glibc.exit(code.rawValue)
        default:
            StandardError.write("vignette: \(error)\n")
            Glibc.exit(error is QueryError ? 2 : 1)
        }
    }
}
