import Captioning
import Catalogue
import FileSystem
import Foundation
import Logging
import MediaDecoding
import SystemPackage
import WorkQueue

/// The ways in which what is in a worker's hands can end. Each lets go of the lease.
extension PipelineContext {
    /// Ends with what the model said, or with why it said nothing.
    ///
    /// - Parameters:
    ///   - assignment: What was looked at.
    ///   - result: What came of it.
    ///   - signature: What a still is compared by, and what stands for it and for a clip until they are shown.
    /// - Throws: `CatalogueError` when the catalogue cannot be used.
    func settle(
        _ assignment: Assignment, _ result: Result<WorkResult, any Error>,
        signature: StoredSignature? = nil
    ) throws {
        switch result {
        case .success(let result): try store(result, signature, of: assignment)
        case .failure(let error as DecodingError): try report(error, of: assignment)
        case .failure(let error):
            try fail(assignment, reason: "the model failed: \(error)", isFinal: false)
        }
    }

    private func store(
        _ result: WorkResult, _ signature: StoredSignature?, of assignment: Assignment
    ) throws {
        // Nothing must stand under a recipe that did not make it.
        guard let work = assignment.work, recipes.contains(work.recipe) else {
            return try giveBack(assignment, "the model was replaced")
        }
        guard isUnchanged(assignment.file) else { return try reconsider(assignment) }
        // Time is taken once, however often the catalogue has to be asked.
        lazy var done = DoneWork(
            assignment.isClip ? .clip : .still, of: work.kind, work.priority, items: 1,
            seconds: clock.lap())
        do {
            let isStored = try patience.run { () throws(CatalogueError) in
                switch result {
                case .description(let description):
                    return try complete(work, with: description, signature) { done }
                case .embeddings(let embeddings):
                    var embedded = EmbeddedAsset(embeddings, by: work.recipe)
                    embedded.signature = signature
                    return try catalogue.complete(work, with: embedded, noting: { done })
                }
            }
            log(assignment, isStored ? result.outcome : "superseded")
            if isStored { tell(of: result, assignment.file) }
        } catch .invalid(let reason) {
            // What this model said of this picture cannot be stored; that is not the catalogue's fault.
            try fail(assignment, reason: "the model failed: \(reason)", isFinal: true)
        }
    }

    private func tell(of result: WorkResult, _ file: FileInHand) {
        guard case .description(let description) = result else { return }
        onEvent(.described(root: file.root, path: file.relativePath, description))
    }

    /// Stores a description; a long clip's tokens go from their file to the catalogue one by one.
    private func complete(
        _ work: WorkLease, with description: PictureDescription, _ signature: StoredSignature?,
        noting done: () -> DoneWork
    ) throws(CatalogueError) -> Bool {
        var result = DescribedAsset(description, by: work.recipe)
        result.signature = signature
        if !description.embeddings.isEmpty {
            result.embedded = embeddingRecipe.map { EmbeddedAsset(description.embeddings, by: $0) }
        }
        return try catalogue.complete(work, with: result, noting: done) { store in
            do {
                try description.tokens.forEach {
                    try store(VisionToken(second: $0.second, elements: $0.values))
                }
            } catch let error as TokenFileError {
                throw CatalogueError.invalid(reason: error.description)
            }
        }
    }

    /// Ends with what stands at the file's place now, which is no longer what was lent out.
    ///
    /// - Throws: `CatalogueError`.
    func reconsider(_ assignment: Assignment) throws {
        let file = assignment.file
        let now = Date()
        switch standing(of: file) {
        case .unchanged: try giveBack(assignment, after: settle, "unchanged after all")
        case .unknown(let reason):
            try giveBack(assignment, after: Self.unknownPause, "left alone: \(reason)")
        case .absent(let volume):
            try observe(.absent(file.relativePath, volume), of: file, at: now)
            try giveBack(assignment, "gone")
        case .changed(let status, let volume):
            // What stands on another volume says nothing of this file, whose own is not there, and will
            // not be just because it is asked for again.
            let pause = volume == file.volume ? nil : Self.unknownPause
            switch status.kind {
            case .file where status.hasStoodStill(for: settle, at: now):
                try observe(.settled(file.relativePath, status, volume), of: file, at: now)
                try giveBack(
                    assignment, after: pause, pause == nil ? "changed" : "on another volume")
            case .symbolicLink, .other:
                try observe(.absent(file.relativePath, volume), of: file, at: now)
                try giveBack(assignment, after: pause, "no file any more")
            case .file, .directory:
                try giveBack(assignment, after: pause ?? settle, "changing")
            }
        }
    }

    private func observe(_ observation: FileObservation, of file: FileInHand, at now: Date) throws {
        _ = try patience.run { () throws(CatalogueError) in
            try catalogue.observe([observation], in: file.rootID, at: now)
        }
    }

    /// Puts a job back as if it had not been lent out.
    ///
    /// - Throws: `CatalogueError`.
    func giveBack(
        _ assignment: Assignment, after pause: Duration? = nil, _ reason: String = "given back"
    ) throws {
        log(assignment, reason)
        try patience.run { () throws(CatalogueError) in
            switch assignment.lease {
            case .job(let job): try catalogue.release(job, retryAfter: pause)
            case .work(let work): try catalogue.release(work, retryAfter: pause, at: Date())
            }
        }
    }

    /// Ends with the file having given no pixels.
    ///
    /// - Throws: `CatalogueError`.
    func report(_ error: DecodingError, of assignment: Assignment) throws {
        switch error {
        case .cancelled: try giveBack(assignment)
        case .unreadable(_, let code) where code.meansAbsence: try reconsider(assignment)
        case .unreadable(_, let code):
            // A permission that is given later changes the file's status, which queues it anew; where
            // the status would not show that, a refusal is tried again like any other error.
            let isRefusal = code == .permissionDenied || code == .notPermitted
            try fail(
                assignment, reason: "cannot be read: \(code)",
                isFinal: isRefusal && assignment.file.status.hasMeaningfulChangeTime)
        case .rejected(_, let reason):
            try fail(assignment, reason: reason, isFinal: true, isVerdict: true)
        case .childFailed(_, let reason):
            try fail(
                assignment, reason: "decoding failed: \(reason)", isFinal: false, isVerdict: true)
        }
    }

    /// Records a failure; unless it is final, another attempt is made, later each time.
    ///
    /// - Parameters:
    ///   - assignment: What was tried.
    ///   - reason: What went wrong.
    ///   - isFinal: Whether another attempt would be pointless.
    ///   - isVerdict: Whether it is the codecs that cannot read the file; later ones may.
    /// - Throws: `CatalogueError`.
    func fail(
        _ assignment: Assignment, reason: String, isFinal: Bool, isVerdict: Bool = false
    ) throws {
        // A file that changed while it was read failed for that reason, whatever was said.
        guard isUnchanged(assignment.file) else { return try reconsider(assignment) }
        let pause: Duration? =
            isFinal ? nil : .seconds(5 * assignment.attempt * assignment.attempt)
        let codecs = isVerdict ? CodecsVersion.current : nil
        let isGivenUp = try patience.run { () throws(CatalogueError) in
            switch assignment.lease {
            case .job(let job):
                try catalogue.fail(job, reason: reason, retryAfter: pause, codecs: codecs)
                    == .failed
            case .work(let work):
                try catalogue.fail(
                    work, WorkFailure(reason: reason, retryAfter: pause, codecs: codecs),
                    of: assignment.file.fileID, at: Date()) == .failed
            }
        }
        log(assignment, "failed: \(reason)")
        if isGivenUp { noteDone(.unseen, assignment.work?.priority ?? .new) }
        onEvent(
            .failed(
                root: assignment.file.root, path: assignment.file.relativePath, reason: reason,
                isFinal: isGivenUp))
    }

    /// Counts what was done, for the progress.
    func noteDone(_ kind: DoneWork.Kind, _ priority: WorkPriority, items: Int = 1) {
        guard items > 0 else { return }
        let work = DoneWork(kind, priority, items: items, seconds: clock.lap())
        do {
            try catalogue.noteDone([work], by: recipe)
        } catch {
            // Only the rate suffers; what cannot be written either is told of by whoever writes it.
            logger.debug("the progress was not noted: \(error)")
        }
    }

    /// Ends what is in hand, with one line in the log.
    func log(_ assignment: Assignment, _ outcome: @autoclosure () -> String) {
        clock.letGo()
        // Files are named at this level alone.
        guard logger.logLevel <= .debug else { return }
        let outcome = outcome()
        logger.debug(
            "\(assignment.trace.line(assignment.file.path, outcome))",
            metadata: assignment.metadata.merging(assignment.trace.metadata(outcome)) { $1 })
    }
}

extension DescribedAsset {
    /// The catalogue's form of what the model said, but for the tokens.
    init(_ description: PictureDescription, by recipe: Recipe) {
        self.init(
            recipe: recipe,
            texts: description.captions.flatMap { caption in
                let span = caption.span.map {
                    ClipSpan(start: $0.lowerBound, end: $0.upperBound)
                }
                let original = caption.original.map {
                    ModelText(prompt: ModelText.originalCaption, text: $0, span: span)
                }
                return [ModelText(prompt: "caption", text: caption.text, span: span)]
                    + (original.map { [$0] } ?? [])
            },
            tags: description.tags.map { ModelTag($0.text, probability: $0.probability) },
            tokens: [])
    }
}

extension FileStatus {
    /// Whether nothing has happened to the file for a while; a time in the future says nothing.
    func hasStoodStill(for settle: Duration, at now: Date) -> Bool {
        let age = now.timeIntervalSince1970 - Double(changed) / 1e9
        return age >= settle / .seconds(1) || age < 0
    }
}
