import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Foundation
import LLaVAMini
import MediaDecoding
import SystemPackage

/// Looks whether everything that Vignette needs is there and in order.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, model, decoder, catalogue and limits.",
        discussion: """
            Exit status 1 if anything must be put right.

            EXAMPLES
              vignette doctor
              vignette doctor --json
            """)

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var findings: [Finding] = []
        do {
            let settings = try common.settings(model.flags)
            let file = settings.configurationFile?.string ?? "defaults, no file"
            findings.append(.fine("configuration", file))
            findings += checks(settings)
        } catch {
            findings.append(.problem("configuration", "\(error)"))
        }
        for finding in findings { try finding.write(json: common.json) }
        if findings.contains(where: { $0.state == .problem }) { throw ExitCode.failure }
    }

    private func checks(_ settings: Settings) -> [Finding] {
        [
            Self.checkModel(settings, model), Self.checkDecoder(settings),
            Self.checkCatalogue(settings),
        ]
            + settings.folders.map(Self.checkFolder) + [
                Self.checkWatches(), Self.checkMemory(), Self.describeProcessor(),
            ]
    }

    private static func checkModel(_ settings: Settings, _ options: ModelOptions) -> Finding {
        Finding.of("model") {
            let captioner = try options.captioner(settings)
            let notice = try captioner.loaded().configuration.notice
            let text = "\(captioner.identity.label) in \(captioner.folder)"
            return notice.map { .warning("model", "\(text): \($0)") } ?? .fine("model", text)
        }
    }

    private static func checkDecoder(_ settings: Settings) -> Finding {
        Finding.of("decoder") {
            let program = try DecoderLocation.find()
            let decoder = Decoder(executable: program, limits: settings.decoderLimits)
            defer { decoder.close() }
            do {
                // Whatever it answers to a file that is no picture shows that it runs.
                _ = try decoder.probe(program)
            } catch DecodingError.rejected {
                return .fine("decoder", program.string)
            }
            return .fine("decoder", program.string)
        }
    }

    private static func checkCatalogue(_ settings: Settings) -> Finding {
        Finding.of("catalogue") {
            do {
                let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
                try catalogue.checkIntegrity()
                return .fine("catalogue", settings.catalogue.string)
            } catch CatalogueError.missing {
                return .fine("catalogue", "\(settings.catalogue): not made yet")
            }
        }
    }

    private static func checkFolder(_ folder: FilePath) -> Finding {
        let manager = FileManager.default
        guard manager.fileExists(atPath: folder.string) else {
            return .warning("folder", "\(folder): not there at present")
        }
        guard manager.isReadableFile(atPath: folder.string) else {
            return .problem("folder", "\(folder): may not be read by this user")
        }
        return .fine("folder", folder.string)
    }

    /// One watch a directory: what the system allows is what can be watched without polling.
    private static func checkWatches() -> Finding {
        let file = "/proc/sys/fs/inotify/max_user_watches"
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        guard let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            return .warning("watches", "\(file) cannot be read")
        }
        let finding = "up to \(limit) directories (fs.inotify.max_user_watches)"
        return limit >= 65536
            ? .fine("watches", finding) : .warning("watches", finding + "; the rest is polled")
    }

    private static func checkMemory() -> Finding {
        let total = ProcessInfo.processInfo.physicalMemory
        let text = ByteCountFormatter.string(
            fromByteCount: Int64(clamping: total), countStyle: .memory)
        return .fine("memory", text)
    }

    private static func describeProcessor() -> Finding {
        .fine("processor", "\(ProcessInfo.processInfo.activeProcessorCount) cores")
    }
}

/// What one check found.
private struct Finding: Encodable {
    enum State: String, Encodable {
        case ok
        case warning
        case problem
    }
    let check: String
    let state: State
    let text: String

    static func fine(_ check: String, _ text: String) -> Finding {
        Finding(check: check, state: .ok, text: text)
    }
    static func warning(_ check: String, _ text: String) -> Finding {
        Finding(check: check, state: .warning, text: text)
    }
    static func problem(_ check: String, _ text: String) -> Finding {
        Finding(check: check, state: .problem, text: text)
    }

    /// An error in a check is the finding.
    static func of(_ check: String, _ body: () throws -> Finding) -> Finding {
        do {
            return try body()
        } catch {
            return .problem(check, "\(error)")
        }
    }

    func write(json: Bool) throws {
        if json { return try JSONLine.write(self) }
        let mark =
            switch state {
            case .ok: Style.green("ok     ")
            case .warning: "warning"
            case .problem: Style.red("problem")
            }
        StandardOutput.write("\(mark)  \(check): \(text)\n")
    }
}
