import Captioning
import Catalogue
import MediaDecoding
import WorkQueue

extension PipelineContext {
    /// Whether the model is to stop; being asked shows the watchdog that the work gets on.
    func shouldStop() -> Bool {
        notifier.workLoopAdvanced()
        return signal.stopped
    }

    /// Ends a job with what the model said of its file, or with why it said nothing.
    ///
    /// - Throws: `CatalogueError` when the catalogue cannot be used.
    func settle(
        _ job: LeasedJob, _ work: WorkLease, _ result: Result<PictureDescription, any Error>
    ) throws {
        switch result {
        case .success(let description): try store(description, of: job, work)
        case .failure(let error as DecodingError): try report(error, of: job, work)
        case .failure(let error):
            try fail(job, work, reason: "the model failed: \(error)", isFinal: false)
        }
    }

    private func store(
        _ description: PictureDescription, of job: LeasedJob, _ work: WorkLease
    ) throws {
        guard isUnchanged(job) else { return try reconsider(job, work) }
        do {
            let isStored = try patience.run { () throws(CatalogueError) in
                try complete(work, with: description)
            }
            guard isStored else { return }
            onEvent(.described(root: job.root, path: job.relativePath, description))
        } catch .invalid(let reason) {
            // What this model said of this picture cannot be stored; that is not the catalogue's fault.
            try fail(job, work, reason: "the model failed: \(reason)", isFinal: true)
        }
    }

    /// Stores a description; a long clip's tokens go from their file to the catalogue one by one.
    private func complete(
        _ work: WorkLease, with description: PictureDescription
    ) throws(CatalogueError) -> Bool {
        try catalogue.complete(work, with: stored(description)) { store in
            do {
                try description.tokens.forEach {
                    try store(VisionToken(second: $0.second, elements: $0.values))
                }
            } catch let error as TokenFileError {
                throw CatalogueError.invalid(reason: error.description)
            }
        }
    }

    /// The catalogue's form of what the model said, but for the tokens.
    private func stored(_ description: PictureDescription) -> DescribedAsset {
        DescribedAsset(
            recipe: recipe,
            texts: description.captions.map { caption in
                ModelText(
                    prompt: "caption", text: caption.text,
                    span: caption.stretch.map {
                        ClipSpan(start: $0.lowerBound, end: $0.upperBound)
                    })
            },
            tags: description.tags, tokens: [])
    }
}
