import Catalogue
import FileSystem
import Foundation
import Imaging
import RemoteWork
import SystemPackage
import WorkQueue

/// Pictures a second through a queue: the catalogue lends work out and entrusts it, the queue carries pixels and answers,
/// workers answer at once, the answers are checked and stored.
struct Throughput {
    let address: String
    let pictures: Int
    let workers: Int
    let edge: Int

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "queue-benchmark-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let catalogue = try Catalogue(
            at: FilePath(folder.path).appending("catalogue.sqlite"), access: .owner)
        try fill(catalogue, below: FilePath(folder.path))
        for _ in 0..<workers { Common.thread { try work() } }
        let queue = try LibraryQueue(
            address, library: try catalogue.identity(), program: "benchmark", bell: Bell())
        try queue.publish([Common.recipe])
        while try queue.workforce([Common.recipe.key]).workers < workers { usleep(10_000) }
        let pixels = Common.pixels(edge)
        let start = ContinuousClock.now
        var (offered, stored) = (0, 0)
        while stored < pictures {
            let answers = try queue.answers()
            let entrusted = Dictionary(
                uniqueKeysWithValues: try catalogue.entrusted().map { ($0.token, $0.lease) })
            for answer in answers {
                let content = try PieceAnswer(answer.content)
                try content.check(.describe, isClip: false, dimension: nil)
                guard let lease = entrusted[answer.piece.description] else { continue }
                let result = DescribedAsset(
                    recipe: lease.recipe, texts: content.texts, tags: content.tags,
                    tokens: content.tokens,
                    embedded: EmbeddedAsset(
                        recipe: Recipe(embeddingsOf: "at once", version: "1"),
                        embeddings: content.embeddings))
                if try catalogue.complete(lease, with: result) { stored += 1 }
            }
            try queue.forget(answers: answers.map(\.piece))
            let isOffered = try offer(
                &offered, to: queue, catalogue, pixels, ahead: offered - stored)
            if answers.isEmpty, !isOffered { try queue.wait(for: .milliseconds(20)) }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            String(
                format: "%d pictures of %d x %d, %d workers: %.1f s, %.0f a second, %.2f ms each",
                pictures,
                edge, edge, workers, seconds, Double(pictures) / seconds,
                seconds / Double(pictures) * 1000))
        exit(0)
    }

    private func offer(
        _ offered: inout Int, to queue: LibraryQueue, _ catalogue: Catalogue, _ pixels: [UInt8],
        ahead: Int
    ) throws -> Bool {
        guard ahead < 192 else { return false }
        let leases = try catalogue.lease(LeaseRequest(worker: "benchmark", limit: 32))
        guard !leases.isEmpty else { return false }
        let pieces = leases.map { _ in PieceID() }
        _ = try catalogue.entrust(
            zip(leases, pieces).map { Entrusting(lease: $0, token: $1.description) })
        try queue.offer(
            pieces.map { piece in
                LibraryQueue.Offer(
                    piece: piece, recipe: Common.recipe.key, urgency: 0, isClip: false,
                    content: PieceContent.still(RGBImage(width: edge, height: edge, pixels: pixels))
                        .encoded)
            })
        offered += leases.count
        return true
    }

    private func work() throws {
        let session = try WorkerSession(address, bell: Bell())
        let me = try session.enlist(name: "benchmark", program: "benchmark", model: "at once@1")
        while try session.recipes(me).isEmpty { usleep(10_000) }
        try session.declare([Common.recipe.key], me)
        while true {
            let claims = try session.claim([Common.recipe.key], most: 16, bytes: 64 << 20, me)
            var answers: [(held: WorkerBook.Held, content: [UInt8], seconds: Double)] = []
            try session.fetch(claims, me) { claim, bytes throws(QueueError) in
                guard let bytes, (try? PieceContent(bytes)) != nil else { return }
                answers.append((claim.held, Common.answer, 0.001))
            }
            if answers.isEmpty {
                _ = try session.wait(for: .milliseconds(20))
            } else {
                _ = try session.answer(answers, me)
            }
        }
    }

    /// Pictures that are known and not described.
    private func fill(_ catalogue: Catalogue, below folder: FilePath) throws {
        let root = try catalogue.root(at: folder)
        let volume = Volume(key: "benchmark", point: "")
        try catalogue.setOnline(root.id, volumes: [volume])
        _ = try catalogue.observe(
            (0..<pictures).map { number in
                .settled(
                    FilePath("\(number).jpg"),
                    FileStatus(
                        kind: .file, device: 1, inode: UInt64(number + 10), size: 1000, modified: 1,
                        changed: 1),
                    volume)
            }, in: root.id)
        while case let jobs = try catalogue.lease(limit: 100, owner: "benchmark"), !jobs.isEmpty {
            for job in jobs {
                let identity = (0..<32).map { UInt8(truncatingIfNeeded: job.id >> ($0 % 8 * 8)) }
                let facts = AssetFacts(
                    identity: identity, kind: .still, format: "JPEG", width: 4000, height: 3000)
                if case .needsDescription(let lease) = try catalogue.identified(
                    job, as: facts, wanting: Common.recipe.recipe)
                {
                    try catalogue.release(lease)
                }
            }
        }
    }
}
