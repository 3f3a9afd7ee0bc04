import Captioning
import Catalogue
import Foundation
import Logging
import RemoteWork
import WorkQueue

/// What becomes of answers.
extension RemoteDesk {
    /// What lay in the queue.
    enum Collected {
        case nothing
        case answers
        /// Some of the answers were none: those who gave them are there no more for a while.
        case badAnswers
    }

    /// Stores what lies in the queue, each answer in a transaction of the catalogue, and then deletes it there.
    ///
    /// Whatever happens between the two, the next time the catalogue waits for the answer no more, and it is deleted.
    ///
    /// - Returns: What there was.
    func collect(
        _ queue: LibraryQueue, _ recipes: RemoteRecipes, _ book: inout OfferBook
    ) throws -> Collected {
        let answers = try queue.answers()
        guard !answers.isEmpty else { return .nothing }
        var collected = Collected.answers
        let entrusted = try entrusted()
        let known = Set(entrusted.keys)
        for answer in answers where !context.signal.stopped {
            guard OfferBook.judge(answer.piece, entrusted: known) == .store,
                let work = entrusted[answer.piece]
            else { continue }
            do {
                try store(answer, of: work, recipes)
            } catch let error as BadBytes {
                try refuse(answer, of: work, error, queue)
                collected = .badAnswers
            }
        }
        guard !context.signal.stopped else { return collected }
        try queue.forget(answers: answers.map(\.piece))
        answers.forEach { book.ended($0.piece) }
        context.progress.notify()
        context.signal.notify()
        return collected
    }

    private func store(
        _ answer: LibraryQueue.Answer, of work: EntrustedWork, _ recipes: RemoteRecipes
    ) throws {
        if answer.isFailure { return try fail(answer, work) }
        let content = try PieceAnswer(answer.content)
        try content.check(work.lease.kind, isClip: work.isClip, dimension: recipes.dimension)
        lazy var done = DoneWork(
            work.isClip ? .clip : .still, of: work.lease.kind, work.lease.priority, items: 1,
            seconds: context.clock.lap())
        let source = try catalogue { () throws(CatalogueError) in
            try context.catalogue.file(for: work.lease)
        }
        // Embeddings by another model's weights would be found by nobody.
        let embedded = recipes.embedding.flatMap { recipe in
            content.embeddings.isEmpty || content.embeddingVersion != recipe.version
                ? nil : EmbeddedAsset(recipe: recipe, embeddings: content.embeddings)
        }
        let isStored = try complete(work.lease, with: content, embedded) { done }
        context.clock.letGo()
        if isStored { report.count(\.done) }
        context.logger.debug(
            "work \(work.lease.id): \(isStored ? "done" : "superseded") by \(answer.worker)")
        if isStored, work.lease.kind == .describe, let source {
            context.onEvent(
                .described(
                    root: source.root, path: source.relativePath, PictureDescription(content)))
        }
    }

    private func complete(
        _ lease: WorkLease, with content: PieceAnswer, _ embedded: EmbeddedAsset?,
        noting done: () -> DoneWork
    ) throws -> Bool {
        do {
            switch lease.kind {
            case .describe:
                let result = DescribedAsset(
                    recipe: lease.recipe, texts: content.texts, tags: content.tags,
                    tokens: content.tokens, embedded: embedded)
                return try catalogue { () throws(CatalogueError) in
                    try context.catalogue.complete(lease, with: result, noting: done)
                }
            case .embed:
                let result = EmbeddedAsset(recipe: lease.recipe, embeddings: content.embeddings)
                return try catalogue { () throws(CatalogueError) in
                    try context.catalogue.complete(lease, with: result, noting: done)
                }
            }
        } catch {
            // What this worker said cannot be stored; that is not the catalogue's fault.
            if case .invalid(let reason) = error { throw BadBytes(reason) }
            throw error
        }
    }

    /// A picture that others could not describe, or that they went away with: an attempt.
    private func fail(_ answer: LibraryQueue.Answer, _ work: EntrustedWork) throws {
        let said = String(decoding: answer.content.prefix(1000), as: UTF8.self)
        let reason = answer.worker.isEmpty ? said : "the model failed on \(answer.worker): \(said)"
        let source = try catalogue { () throws(CatalogueError) in
            try context.catalogue.file(for: work.lease)
        }
        let attempt = work.lease.attempt
        let state = try catalogue { () throws(CatalogueError) in
            try context.catalogue.fail(
                work.lease,
                WorkFailure(reason: reason, retryAfter: .seconds(5 * attempt * attempt)))
        }
        context.clock.letGo()
        report.count(\.failed)
        if state == .failed { context.noteDone(.unseen, work.lease.priority) }
        guard let source, state != nil else { return }
        context.onEvent(
            .failed(
                root: source.root, path: source.relativePath, reason: reason,
                isFinal: state == .failed))
    }

    /// What is no answer is the worker's fault and not the picture's.
    private func refuse(
        _ answer: LibraryQueue.Answer, of work: EntrustedWork, _ error: BadBytes,
        _ queue: LibraryQueue
    ) throws {
        context.logger.warning(
            "what the worker \(answer.worker) answered is no answer, and was thrown away: \(error)")
        try takeBack([work])
        if let worker = answer.workerID { try queue.doubt(worker, reason: "bad answer: \(error)") }
    }
}

extension PictureDescription {
    /// What another machine's model said, as this machine's would have.
    fileprivate init(_ answer: PieceAnswer) {
        let captions = answer.texts.filter { $0.prompt == "caption" }.map { text in
            let original = answer.texts.first {
                $0.prompt == ModelText.originalCaption && $0.span == text.span
            }
            return Caption(
                text: text.text, original: original?.text,
                span: text.span.map { $0.start...max($0.start, $0.end) })
        }
        self.init(
            // The whole first.
            captions: captions.filter { $0.span == nil } + captions.filter { $0.span != nil },
            tags: answer.tags.map { Tag(text: $0.name, probability: $0.probability) },
            tokens: TokenTrack([]))
    }
}
