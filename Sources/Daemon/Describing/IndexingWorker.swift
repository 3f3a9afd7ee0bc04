import Captioning
import Catalogue
import Finding
import Foundation
import LLaVAMini
import Logging
import VectorIndex
import WorkQueue

/// Keeps the file up to date by which pictures are found by meaning, as work is done.
///
/// The file is derived from the catalogue: what goes wrong here is said, tried again, and ends nothing. Runs
/// on a thread of its own.
struct IndexingWorker {
    let context: PipelineContext

    /// How long news is gathered before it is appended.
    private static let pause = Duration.seconds(2)
    /// How long to wait after something went wrong.
    private static let pauseAfterError = Duration.seconds(60)

    /// Seconds in which the last few rows are appended; whoever searches appends what is left.
    private static let mostAtTheEnd = 1.0

    /// Works until the pipeline stops, and once more then.
    func run() {
        var open: (recipe: Recipe, index: LibraryIndex, writer: VectorIndexWriter)?
        var isOver = false
        while !isOver {
            isOver = context.progress.stopped
            let mark = context.progress.mark()
            do {
                if open?.recipe != context.embeddingRecipe { open = nil }
                open = try open ?? opened()
                if let open {
                    let last = Date() + Self.mostAtTheEnd
                    try open.index.update(open.writer) {
                        isOver ? Date() > last : context.signal.stopped
                    }
                }
            } catch {
                open = nil
                context.logger.warning("searching by meaning lags behind: \(error)")
                context.progress.pause(for: Self.pauseAfterError)
            }
            guard !isOver else { return }
            context.progress.wait(since: mark, until: nil)
            context.progress.pause(for: Self.pause)
        }
    }

    /// - Returns: `nil` where the model makes no embeddings.
    private func opened() throws -> (Recipe, LibraryIndex, VectorIndexWriter)? {
        guard let recipe = context.embeddingRecipe,
            let dimension = try EmbeddingSupport(folder: context.captioner.folder).dimension
        else { return nil }
        let index = try LibraryIndex(of: context.catalogue, by: recipe, dimension: dimension)
        let writer = try index.writer()
        if let reason = writer.reasonForNew, !reason.isMissing {
            context.logger.info("\(reason)")
        }
        return (recipe, index, writer)
    }
}

extension VectorIndexError {
    /// Whether there was nothing rather than something wrong.
    fileprivate var isMissing: Bool {
        if case .missing = self { true } else { false }
    }
}
