import Captioning
import Catalogue
import Daemon
import Foundation
import Synchronization
import SystemPackage

/// Prints what became of each file while `watch` and `scan` run, and keeps the progress bar below.
final class ResultPrinter: Sendable {
    private let isJSON: Bool
    private let progress: Mutex<ProgressBar?>
    private let isListening = Mutex(true)

    /// Prints text or JSON, with a progress bar or without.
    init(json: Bool, progress: ProgressBar? = nil) {
        isJSON = json
        self.progress = Mutex(progress)
    }

    /// One line a file.
    func print(_ event: DescribingEvent) {
        switch event {
        case .described(let root, let path, let description):
            writeResult(root: root, path: path, description)
        case .known: break
        case .failed(_, let path, let reason, let isFinal):
            let outlook = isFinal ? "" : "; it will be tried again"
            above {
                StandardError.write("vignette: \(PathText(path).display): \(reason)\(outlook)\n")
            }
        }
    }

    /// Redraws the bar.
    func update(_ progress: WorkProgress) {
        self.progress.withLock { $0?.update(progress) }
    }

    /// Removes the bar at the end.
    func finish() {
        progress.withLock { $0?.clear() }
    }

    private func writeResult(root: FilePath, path: FilePath, _ description: PictureDescription) {
        let text: String
        if isJSON {
            let line = DescribedLine(path: PathText(root.pushing(path)), description, model: nil)
            text = (try? JSONLine.text(line)) ?? ""
        } else {
            text = ResultLine.text(path: PathText(path).display, description)
        }
        above {
            // A reader that went away does not end the daemon.
            isListening.withLock { listening in
                if listening { listening = StandardOutput.tryWriting(text) }
            }
        }
    }

    private func above(_ write: () -> Void) {
        progress.withLock { bar in
            bar?.clear()
            write()
        }
    }
}

/// The line that a person reads: `beach.jpg  A boat by the sea.  [boat, sea]`.
enum ResultLine {
    /// The line, ended.
    static func text(path: String, _ description: PictureDescription) -> String {
        let tags = description.tags.map(\.text).joined(separator: ", ")
        return "\(Style.bold(path))  \(description.caption)  \(Style.dim("[\(tags)]"))\n"
    }
}

/// The object that a program reads.
struct DescribedLine: Encodable {
    let path: PathText
    let caption: String
    let captions: [SpanLine]
    let tags: [String]
    /// How likely the model held each of `tags`; null where it is not known.
    let tagProbabilities: [Double?]
    let tokens: Int
    let tokenDimension: Int
    let model: String?

    init(path: PathText, _ description: PictureDescription, model: String?) {
        self.path = path
        caption = description.caption
        captions = description.captions.map {
            SpanLine(text: $0.text, start: $0.span?.lowerBound, end: $0.span?.upperBound)
        }
        tags = description.tags.map(\.text)
        tagProbabilities = description.tags.map { $0.probability.map(ShownProbability.rounded) }
        tokens = description.tokens.count
        tokenDimension = description.tokens.dimension
        self.model = model
    }
}

/// A caption with the seconds of the clip that it speaks of.
struct SpanLine: Encodable {
    let text: String
    let start: Double?
    let end: Double?
}

/// Probabilities as they are shown.
enum ShownProbability {
    /// To four places, behind which the same picture may come out otherwise on another machine.
    static func rounded(_ probability: Double) -> Double {
        (probability * 10_000).rounded() / 10_000
    }
}
