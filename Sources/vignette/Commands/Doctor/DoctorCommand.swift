import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Foundation
import LLaVAMini
import MediaDecoding
import Processors
import SystemPackage

/// Looks whether everything that Vignette needs is there and in order.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, model, decoder, catalogue, limits and speed.",
        discussion: """
            Says also what models take on this machine: memory, and pictures an hour. Exit status \
            1 if anything must be put right.

            With --bundle the findings are also written into a file for a report of a fault, with the machine, the             settings and counts of the library, and with no name of a file, a folder or an account.

            EXAMPLES
              vignette doctor
              vignette doctor --json
              vignette doctor --bundle report.txt
            """)

    @Option(help: "Write a report for others into this file, without names.", completion: .file())
    var bundle: PathArgument?

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var findings: [Finding] = []
        var known: Settings?
        do {
            let settings = try common.settings(model.flags)
            known = settings
            let file = settings.configurationFile?.string ?? "defaults, no file"
            findings.append(.fine("configuration", file))
            findings += checks(settings)
        } catch {
            findings.append(.problem("configuration", "\(error)"))
        }
        for finding in findings { try finding.write(json: common.json) }
        if let bundle {
            let file = try OutputFile(bundle.path)
            try file.write(BugReport(findings, known).text)
            try file.finish()
        }
        if findings.contains(where: { $0.state == .problem }) { throw ExitCode.failure }
    }

    private func checks(_ settings: Settings) -> [Finding] {
        checkModel(settings)
            + [Self.checkDecoder(settings), Self.checkCatalogue(settings)]
            + settings.folders.map(Self.checkFolder)
            + [Self.checkWatches(), Self.describeProcessor(settings)]
    }

    /// The model in use, what it takes here, and what the released one would.
    private func checkModel(_ settings: Settings) -> [Finding] {
        let prognosis = ModelPrognosis(threads: Self.threads(settings))
        let released = Finding.of("released model") { try prognosis.releasedModel() }
        do {
            let captioner = try model.captioner(settings)
            let notice = try captioner.loaded().configuration.notice
            let text = "\(captioner.identity.label) in \(captioner.folder)"
            return [
                notice.map { .warning("model", "\(text): \($0)") } ?? .fine("model", text),
                .of("search by meaning") { try Self.checkEmbeddings(captioner) },
                .of("memory") { try prognosis.memory(of: captioner) },
                .of("speed") { try prognosis.speed(of: captioner) },
                released,
            ]
        } catch {
            return [.problem("model", "\(error)"), released]
        }
    }

    private static func checkEmbeddings(_ captioner: Captioner) throws -> Finding {
        let text = EmbeddingText(try EmbeddingSupport(folder: captioner.folder))
        let words = text.text(of: captioner.identity.name)
        return text.isFine
            ? .fine("search by meaning", words) : .warning("search by meaning", words)
    }

    private static func checkDecoder(_ settings: Settings) -> Finding {
        Finding.of("decoder") {
            let program = try DecoderLocation.find()
            let decoder = Decoder(executable: program, limits: settings.decoderLimits)
            defer { decoder.close() }
            let report = try decoder.sandbox()
            let text = "\(program): \(report)"
            guard report.problem != nil else { return .fine("decoder", text) }
            return settings.decoderLimits.sandbox == .prefer
                ? .warning("decoder", text)
                : .problem("decoder", "\(text); it decodes nothing unless media.sandbox is prefer")
        }
    }

    private static func checkCatalogue(_ settings: Settings) -> Finding {
        Finding.of("catalogue") {
            do {
                let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
                try catalogue.checkIntegrity()
                let older = [
                    try OlderDescriptions(in: catalogue, settings)?.text,
                    Self.readByOlderCodecs(try catalogue.rereadCandidates(RereadSelection())),
                ].compactMap { $0 }
                let path = settings.catalogue.string
                return .fine("catalogue", ([path] + older).joined(separator: ": "))
            } catch CatalogueError.missing {
                return .fine("catalogue", "\(settings.catalogue): not made yet")
            }
        }
    }

    private static func readByOlderCodecs(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        return (count == 1 ? "1 file was" : "\(count) files were")
            + " read by an older version; 'vignette reread' finds what this one knows besides"
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

    private static func describeProcessor(_ settings: Settings) -> Finding {
        let threads = threads(settings)
        return .fine(
            "processor",
            "\(Processors.current.summary); the model computes on \(threads) "
                + (threads == 1 ? "thread" : "threads"))
    }

    private static func threads(_ settings: Settings) -> Int {
        settings.threads > 0 ? settings.threads : Processors.current.count
    }
}
