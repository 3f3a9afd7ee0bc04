import Captioning
import Catalogue
import Foundation
import Imaging
import Likeness
import MediaDecoding
import MediaFormats
import RemoteWork
import SystemPackage
import WorkQueue

/// Takes jobs from the catalogue, finds out what each file holds and decodes what is new.
///
/// A job's way, here and in `DescribingWorker`:
///
/// 1. A job is leased: the attempt is committed before anything is opened. A sidecar is read, and that is all.
/// 2. The file is looked at. If it is no longer what was queued, what stands there decides
///    (`PipelineContext.reconsider`).
/// 3. The decoding child reads what it is (`probe`), and the catalogue says what is known of that asset
///    (`identified`). Pictures that are known are done here, several in one transaction.
/// 4. The asset of another is to be described: the job is over, and its *work* is leased in the same
///    transaction. Work that was wanted again (`redo`) begins here, at any file of the asset.
/// 5. The child decodes, the pixels are made as small as the model needs, and wait for it.
/// 6. The describing thread asks the model, looks at the file once more and stores the answer, which
///    ends the work.
///
/// Whatever goes wrong ends in `PipelineContext+Ending.swift`. Runs on a thread of its own with a
/// decoding child of its own.
struct DecodingWorker {
    let context: PipelineContext
    let decoder: Decoder
    let output: BoundedQueue<DescribingWork>
    /// Where pixels go that other machines look at; `nil` for a thread that feeds this machine's model.
    var workers: WorkersGate?
    /// Most jobs that are identified in one transaction.
    static let mostJobsAtOnce = 16

    /// Works until the pipeline stops.
    ///
    /// - Throws: `CatalogueError` when the catalogue cannot be used, errors of loading the model.
    func run() throws {
        defer { decoder.close() }
        var limit = 1
        while !context.signal.stopped {
            let mark = context.signal.mark()
            if let workers, !workers.isOpen {
                context.signal.wait(since: mark, until: nil)
                continue
            }
            do {
                try context.retarget()
                if let allKnown = try processJobs(limit: limit) {
                    // Pictures that are known take a moment and go together; new ones take the model's
                    // time and are shared out among the threads one by one.
                    limit = allKnown ? min(limit * 2, Self.mostJobsAtOnce) : 1
                } else if try !processWork() {
                    try waitForNews(since: mark)
                }
            } catch let error as ModelUnavailable {
                try context.modelPatience.wait(after: error)
            }
        }
    }

    private func waitForNews(since mark: WakeSignal.Mark) throws {
        let next = try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.nextWakeUp(after: Date(), grace: context.grace)
        }
        context.clock.restIfIdle()
        context.progress.notify()
        context.onDrained()
        context.signal.wait(since: mark, until: next)
    }

    /// Finds out what files hold.
    ///
    /// - Returns: Whether all of them held what is known; `nil` where no file waits.
    private func processJobs(limit: Int) throws -> Bool? {
        let jobs = try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.lease(limit: limit, owner: context.owner)
        }
        guard !jobs.isEmpty else { return nil }
        context.clock.taken(jobs.count)
        var found: [(assignment: Assignment, job: LeasedJob, probe: MediaProbe)] = []
        for job in jobs {
            var assignment = Assignment(job)
            if job.isSidecar {
                try read(sidecar: job, assignment)
            } else if let probe = try probe(&assignment) {
                found.append((assignment, job, probe))
            }
        }
        let answers = try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.identified(
                found.map { (job: $0.job, facts: AssetFacts($0.probe)) }, wanting: context.recipe)
        }
        var known = 0
        var wanted: [(Assignment, MediaProbe)] = []
        for (file, answer) in zip(found, answers) {
            if let work = conclude(file.assignment, answer) {
                wanted.append((file.assignment.continued(by: work), file.probe))
            }
            if case .described = answer { known += 1 }
        }
        context.noteDone(.unseen, .new, items: known)
        context.progress.notify()
        try decode(wanted)
        return known == jobs.count { !$0.isSidecar }
    }

    /// Ends a job that needs no pixels.
    ///
    /// - Returns: The work that goes on, where the asset is to be described.
    private func conclude(_ assignment: Assignment, _ answer: Identification) -> WorkLease? {
        let file = assignment.file
        switch answer {
        case .needsDescription(let work): return work
        case .described:
            context.log(assignment, "known")
            context.onEvent(.known(root: file.root, path: file.relativePath))
        case .waiting: context.log(assignment, "waits for its description")
        case .superseded: context.log(assignment, "superseded")
        }
        return nil
    }

    /// Looks at an asset that nobody's job leads to: one to be described again, whose job was interrupted, or
    /// that was described before there was anything to find it by.
    ///
    /// - Returns: Whether there was one.
    private func processWork() throws -> Bool {
        let leases = try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.lease(
                LeaseRequest(
                    kinds: [.describe, .embed], recipes: context.recipes, worker: context.owner,
                    limit: 1, now: Date()))
        }
        guard let work = leases.first else { return false }
        let source = try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.file(for: work)
        }
        guard let source else {
            // Its last file went, or its volume did, since the work was lent out.
            try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.release(
                    work, retryAfter: PipelineContext.unknownPause, at: Date())
            }
            return true
        }
        var assignment = Assignment(work, at: source)
        context.clock.taken()
        guard let probe = try probe(&assignment) else { return true }
        guard probe.identity == source.facts.identity else {
            try context.fail(
                assignment, reason: "holds another picture than when it was last looked at",
                isFinal: false)
            return true
        }
        try decode([(assignment, probe)])
        return true
    }

    /// Looks at a file and reads what it is; a file that is not as it was, or no picture, ends here.
    private func probe(_ assignment: inout Assignment) throws -> MediaProbe? {
        try ask(&assignment, "probed") { path, folder throws(DecodingError) in
            try decoder.probe(path, beneath: folder)
        }
    }

    /// Reads what a sidecar says, which ends its job.
    private func read(sidecar job: LeasedJob, _ assignment: Assignment) throws {
        var assignment = assignment
        let facts = try ask(&assignment, "read") { path, folder throws(DecodingError) in
            try decoder.sidecar(path, beneath: folder)
        }
        guard let facts else { return }
        // It is written anew as a whole: half of the old and half of the new says nothing.
        guard context.isUnchanged(assignment.file) else {
            return try context.reconsider(assignment)
        }
        let isRecorded = try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.read(sidecar: job, saying: facts)
        }
        context.log(assignment, isRecorded ? "sidecar read" : "superseded")
        if isRecorded { context.noteDone(.unseen, .new) }
    }

    /// Asks the child about a file; one that is not as it was, or cannot be read, ends here.
    private func ask<Answer>(
        _ assignment: inout Assignment, _ step: String,
        _ question: (FilePath, FilePath?) throws(DecodingError) -> Answer
    ) throws -> Answer? {
        guard context.isUnchanged(assignment.file) else {
            try context.reconsider(assignment)
            return nil
        }
        assignment.trace.finished("looked")
        do {
            let place = context.place(of: assignment.file)
            let answer = try question(place.path, place.folder)
            assignment.trace.finished(step)
            return answer
        } catch {
            try context.report(error, of: assignment)
            return nil
        }
    }

    /// Decodes one after the other and hands the pixels on.
    private func decode(_ wanted: [(Assignment, MediaProbe)]) throws {
        for (index, (assignment, probe)) in wanted.enumerated() {
            do {
                try decode(assignment, probe)
            } catch let error as DecodingError {
                try context.report(error, of: assignment)
            } catch {
                // Nobody else knows of these.
                for (left, _) in wanted[index...] { try? context.giveBack(left) }
                throw error
            }
        }
    }

    private func decode(_ assignment: Assignment, _ probe: MediaProbe) throws {
        var assignment = assignment
        assignment.isClip = probe.kind == .video
        let edge = try context.captioner.minimumShortEdge()
        // Loading may have found another model than the one that the work is for.
        guard let work = assignment.work, context.recipes.contains(work.recipe) else {
            return try context.giveBack(assignment, "the model was replaced")
        }
        let known = try context.known(of: work)
        // What is known of a picture goes to no other machine: the queue has no place for it.
        let workers = known == nil ? workers : nil
        switch probe.kind {
        case .still:
            let place = context.place(of: assignment.file)
            let decoded = try still(place, minimumShortEdge: edge, probe.identity)
            // Of the whole picture: what the model looks at may be its middle alone.
            let signature = StoredSignature(PictureSignature(decoded))
            if work.recipe.isOfSignatures {
                assignment.trace.finished("decoded")
                return try context.settle(
                    assignment, .success(.embeddings([])), signature: signature)
            }
            let image = try context.captioner.reduced(decoded)
            assignment.trace.finished("decoded")
            guard context.isUnchanged(assignment.file) else {
                return try context.reconsider(assignment)
            }
            let isTaken =
                if let workers, image.pixels.count <= PieceContent.mostBytes {
                    workers.push(
                        RemoteOrder(
                            assignment: assignment, content: .still(image), signature: signature))
                } else {
                    output.push(
                        .still(
                            StillWork(
                                assignment: assignment, image: image, signature: signature,
                                known: known)))
                }
            if !isTaken { try context.giveBack(assignment) }
        case .video:
            if let workers, try offer(assignment, probe, edge: edge, to: workers) { return }
            let channel = FrameChannel(
                capacity: ClipFeed.framesAtOnce, bytes: ClipFeed.mostBytes, byteCount: \.byteCount)
            let clip = ClipWork(
                assignment: assignment, duration: probe.duration, frames: channel, known: known)
            let isTaken = output.push(.clip(clip))
            guard isTaken else { return try context.giveBack(assignment) }
            // The describing thread, and not this one, ends the work.
            _ = channel.push(.end(sendFrames(of: clip, edge: edge, probe.identity)))
        }
    }
}

extension AssetFacts {
    /// What the catalogue keeps of a probe.
    init(_ probe: MediaProbe) {
        self.init(
            identity: probe.identity, kind: probe.kind == .still ? .still : .video,
            format: probe.format, width: probe.width, height: probe.height,
            duration: probe.duration,
            capture: probe.metadata.capture, texts: probe.metadata.texts,
            contentIdentifier: probe.metadata.contentIdentifier,
            isRaw: MediaFormat.named(probe.format)?.isRaw ?? false,
            isIncomplete: probe.isIncomplete)
    }
}

extension StoredSignature {
    /// The catalogue's form of a signature.
    init(_ signature: PictureSignature) {
        self.init(version: Int(PictureSignature.version), bytes: signature.bytes)
    }
}
