import ArgumentParser
import Daemon
import LLaVAMini
import ModelHub
import SystemPackage

/// Checks a model's files.
struct ModelVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a model's files against what was fetched, and its tensors.",
        discussion: """
            Every file is read again and held against the digest that was noted when it was fetched; \
            then every tensor that the configuration asks for must be there in its shape. Exit \
            status 1 if anything is wrong; all of it is named.

            EXAMPLES
              vignette model verify
              vignette model verify llava-mini-llama-3.1-8b
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try model.folder(try common.settings())
        let report = try VerificationReport(of: folder)
        if common.json {
            try JSONLine.write(report)
        } else {
            StandardOutput.write(report.text)
        }
        if !report.faults.isEmpty { throw ExitCode.failure }
    }
}

/// What a verification found.
private struct VerificationReport: Encodable {
    let path: PathText
    /// How many files were read; nil where nothing was noted that they could be held against.
    let files: Int?
    let faults: [String]

    init(of folder: FilePath) throws {
        path = PathText(folder)
        var faults: [String] = []
        let manifest = try SourceManifest(in: folder)
        if let manifest {
            let progress = TransferProgress()
            faults += FolderVerification.faults(in: folder, against: manifest) {
                progress.show(.progress(done: $0, found: 0, total: $1))
            }.map(\.description)
            progress.finish()
        }
        do {
            _ = try LLaVAMini.load(from: folder)
        } catch {
            faults.append("\(error)")
        }
        files = manifest?.files.count
        self.faults = faults
    }

    var text: String {
        let shown = path.display
        guard faults.isEmpty else {
            return faults.map { "\(Style.red("wrong"))  \($0)\n" }.joined()
                + "\(shown) is not in order; fetch the model again after 'vignette model remove'\n"
        }
        let digests =
            files.map { "\($0) files as they were fetched" }
            ?? "no record of where it was fetched from to hold its files against"
        return "\(Style.green("ok"))  \(shown): \(digests); every tensor is there in its shape\n"
    }
}
