import Captioning
import Catalogue
import Foundation
import Likeness
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Daemon

/// A job's way from lease to pixels.
@Suite struct DecodingWorkerTests {
    private let bench: PipelineBench

    init() throws { bench = try PipelineBench() }

    @Test func equalPicturesAreDescribedOnce() async throws {
        for number in 0..<40 {
            try bench.add(PictureFactory.png(number % 4), as: "\(number).png")
        }
        try await bench.workUntilDrained()
        #expect(bench.outcomes.described.count == 4)
        #expect(bench.outcomes.failed.isEmpty)
        #expect(try bench.catalogue.status().roots.first?.described == 40)
    }

    @Test func whatIsKnownOfAPictureIsToldToTheModelHereAndToNoOther() async throws {
        let bench = try PipelineBench(context: [.keywords])
        let former = Recipe(model: "former", version: "1", settings: [1])
        for number in 0..<2 {
            try bench.add(PictureFactory.png(number), as: "\(number).png")
            try bench.describeNext(by: former)
        }
        let asset = try #require(
            try bench.catalogue.show(bench.folder.appending("1.png"))?.asset?.id)
        try bench.catalogue.edit(
            [asset], TextEdit(given: ["Friends/Anna"]), by: EditAuthor(.terminal, name: ""))
        _ = try bench.catalogue.redo(RedoSelection(), wanting: bench.captioner.recipe)
        let gate = WorkersGate(signal: bench.signal)
        gate.set(open: true)
        let output = BoundedQueue<DescribingWork>(capacity: 8)
        let decoder = Decoder(
            executable: try BuildProducts.program("vignette-decoder"), limits: .standard)
        let threads = ThreadGroup { [signal = bench.signal] in signal.stop() }
        threads.start("decoding") { [context = bench.context] in
            try DecodingWorker(
                context: context, decoder: decoder, output: output, workers: gate
            ).run()
        }
        var offered: [RemoteOrder] = []
        var here: [StillWork] = []
        try await eventually("both are decoded") {
            offered += gate.takeWaiting(upTo: 8)
            here += output.takeWaiting(upTo: 8) { _ in true }.compactMap(\.still)
            return offered.count + here.count == 2 || bench.signal.stopped
        }
        bench.signal.stop()
        try await onThread { try threads.wait() }
        #expect(offered.count == 1 && offered[0].assignment.work?.asset != asset)
        #expect(here.count == 1 && here[0].assignment.work?.asset == asset)
        #expect(here.first?.known == PictureContext(keywords: ["Friends/Anna"]))
    }

    @Test func nothingIsToldUnlessTheSettingsSaySo() throws {
        let lease = WorkLease(
            id: 1, number: 1, asset: 1, kind: .describe, recipe: bench.captioner.recipe,
            priority: .new, attempt: 1)
        #expect(try bench.context.known(of: lease) == nil)
    }

    @Test func smallPicturesAreMadeOfThePixelsThatAreThere() async throws {
        let bench = try PipelineBench(makesThumbnails: true)
        try bench.add(PictureFactory.png(1, width: 1200, height: 40), as: "large.png")
        try bench.add(PictureFactory.png(2, width: 60, height: 40), as: "small.png")
        let clip = try Data(contentsOf: URL(filePath: Self.clip.string))
        try bench.add(clip, as: "clip.mp4")
        try await bench.workUntilDrained()
        #expect(bench.outcomes.described.count == 3)
        let store = ThumbnailStore(in: bench.thumbnails, bound: 1 << 24)
        let identity = { (name: String) in
            try bench.catalogue.show(bench.folder.appending(name))?.asset?.facts.identity ?? []
        }
        #expect(store.find(try identity("large.png"), .small)?.starts(with: [0xFF, 0xD8]) == true)
        #expect(!store.contains(try identity("large.png"), .large))
        // Whoever looks at it has it made then.
        #expect(!store.contains(try identity("small.png"), .small))
    }

    /// The page shows these until the picture is there.
    @Test func aClipHasTheSignatureOfItsFirstFrame() async throws {
        try bench.add(Data(contentsOf: URL(filePath: Self.clip.string)), as: "clip.mp4")
        try await bench.workUntilDrained()
        let asset = try #require(
            try bench.catalogue.show(bench.folder.appending("clip.mp4"))?.asset)
        let version = Int(PictureSignature.version)
        let bytes = try #require(try bench.catalogue.signature(of: asset.id, version: version))
        #expect(PictureSignature(bytes: bytes) != nil)
    }

    private static let clip = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/media/h264.mp4")

    @Test func aLinkToAWatchedFileIsDecodedAsThatFile() async throws {
        try bench.add(PictureFactory.png(1), as: "real.png")
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder.appending("link.png").string, withDestinationPath: "real.png")
        try bench.observe("link.png")
        try await bench.workUntilDrained()
        #expect(bench.outcomes.failed.isEmpty)
        #expect(try bench.catalogue.status().roots.first?.described == 2)
    }

    @Test func noPictureFailsForGood() async throws {
        try bench.add(Data("no picture".utf8), as: "broken.jpg")
        try bench.add(PictureFactory.png(1), as: "whole.png")
        try await bench.workUntilDrained()
        #expect(Array(bench.outcomes.failed.keys) == ["broken.jpg"])
        #expect(bench.outcomes.described == ["whole.png"])
    }

    /// Such a lease was held by nobody until the next start, and three of them blocked all others.
    @Test func aFileThatWentIsLetGoOfAndComesBack() async throws {
        for number in 0..<3 {
            try bench.add(PictureFactory.png(number), as: "\(number).png")
            try bench.remove("\(number).png")
        }
        try await bench.workUntilDrained()
        #expect(try bench.catalogue.status().roots.first?.missing == 3)
        for number in 0..<3 { try bench.add(PictureFactory.png(number), as: "\(number).png") }
        #expect(try bench.nextJob() != nil, "a file that is back is worked on")
    }

    @Test func whatIsWantedAgainIsDescribedAgainAndItsOldTextStandsUntilThen() async throws {
        try bench.add(PictureFactory.png(1), as: "one.png")
        let old = Recipe(model: "old", version: "1", settings: [1])
        try bench.describeNext(by: old)
        #expect(try bench.catalogue.redo(RedoSelection(), wanting: bench.captioner.recipe) == 1)
        #expect(try models("one.png") == ["old"])
        try await bench.workUntilDrained()
        #expect(bench.outcomes.described == ["one.png"])
        #expect(try models("one.png").contains(bench.captioner.identity.name))
    }

    @Test func aFileThatHoldsAnotherPictureThanItsAssetIsNotDescribedAsThat() async throws {
        try bench.add(PictureFactory.png(1), as: "one.png")
        let old = Recipe(model: "old", version: "1", settings: [1])
        try bench.describeNext(by: old, identity: [9, 9, 9])
        #expect(try bench.catalogue.redo(RedoSelection(), wanting: bench.captioner.recipe) == 1)
        let request = LeaseRequest(worker: "test")
        try await withUnfinishedWork()
        #expect(bench.outcomes.described.isEmpty)
        #expect(bench.outcomes.failed["one.png"]?.contains("another picture") == true)
        #expect(try bench.catalogue.lease(request).isEmpty, "not at once again")
    }

    @Test func newFilesGoBeforeRedoneOnes() async throws {
        try bench.add(PictureFactory.png(1), as: "old.png")
        try bench.describeNext(by: Recipe(model: "old", version: "1", settings: [1]))
        _ = try bench.catalogue.redo(RedoSelection(), wanting: bench.captioner.recipe)
        try bench.add(PictureFactory.png(2), as: "new.png")
        try await bench.workUntilDrained()
        #expect(bench.outcomes.described == ["new.png", "old.png"])
    }

    @Test func workOfAModelThatIsGoneIsDoneByThePresentOne() async throws {
        try bench.add(PictureFactory.png(1), as: "one.png")
        let job = try #require(try bench.nextJob())
        let gone = Recipe(model: "gone", version: "1", settings: [1])
        let answer = try bench.catalogue.identified(job, as: facts([7]), wanting: gone)
        guard case .needsDescription(let work) = answer else {
            Issue.record("\(answer)")
            return
        }
        try bench.catalogue.release(work)
        try bench.context.retarget()
        #expect(
            try bench.catalogue.lease(
                LeaseRequest(recipes: [bench.captioner.recipe], worker: "test")
            ).count == 1)
    }

    /// Runs the workers until somebody heard of a failure.
    private func withUnfinishedWork() async throws {
        let bench = bench
        async let work: Void = bench.workUntilDrained()
        defer { bench.signal.stop() }
        try await eventually("a failure") { !bench.outcomes.failed.isEmpty }
        bench.signal.stop()
        try await work
    }

    private func facts(_ identity: [UInt8]) -> AssetFacts {
        AssetFacts(identity: identity, kind: .still, format: "png", width: 8, height: 8)
    }

    private func models(_ name: String) throws -> Set<String> {
        let details = try bench.catalogue.show(bench.folder.appending(name))
        return Set(details?.asset?.descriptions.compactMap(\.recipe?.model) ?? [])
    }
}
