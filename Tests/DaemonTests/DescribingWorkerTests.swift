import Captioning
import Catalogue
import Foundation
import Imaging
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Daemon

/// What becomes of pictures that wait together.
@Suite struct DescribingWorkerTests {
    private let waiting: DescribingBench
    private var bench: PipelineBench { waiting.bench }
    private var described: Set<String> { Set(bench.outcomes.described) }

    init() throws {
        waiting = try DescribingBench(files: 6)
    }

    @Test func allThatWaitAreDescribed() throws {
        try waiting.submit(RGBImage.plain)
        try waiting.work()
        #expect(described == ["0", "1", "2", "3", "4", "5"])
        #expect(try bench.catalogue.pending().total == 0)
    }

    @Test func onePictureThatCannotBeTakenSpoilsNoOther() throws {
        try waiting.submit { $0 == 3 ? .tooLong : .plain($0) }
        try waiting.work()
        #expect(described == ["0", "1", "2", "4", "5"])
        #expect(Array(bench.outcomes.failed.keys) == ["3"])
    }

    @Test func aFileThatChangedMeanwhileIsNotDescribedByItsFormerPixels() throws {
        try waiting.submit(RGBImage.plain)
        try waiting.change(2)
        try waiting.work()
        #expect(described == ["0", "1", "3", "4", "5"])
        #expect(try bench.catalogue.pending().total == 1)
    }

    @Test func whatAnotherModelDescribedIsNotStoredUnderTheRecipeThatWasWanted() throws {
        try waiting.submit(RGBImage.plain)
        bench.captioner.unload()
        try Data("{}".utf8).write(to: URL(filePath: bench.model.appending("note.json").string))
        try waiting.work()
        #expect(described.isEmpty)
        #expect(try bench.catalogue.pending().new == 6, "all go back")
    }

    @Test func aWorkerThatFailsKeepsNobodyWaiting() throws {
        let channel = FrameChannel(capacity: 1)
        try waiting.submit(RGBImage.plain, then: channel)
        bench.catalogue.close()
        #expect(throws: CatalogueError.self) { try waiting.work() }
        #expect(!channel.push(.end(nil)), "whoever decodes the clip hears that nobody looks at it")
    }

    @Test func whatWasNotDescribedWhenStoppedGoesBackIntoTheQueue() throws {
        try waiting.submit(RGBImage.plain)
        bench.signal.stop()
        try waiting.work()
        #expect(described.isEmpty)
        #expect(try bench.catalogue.pending().new == 6)
        let next = try bench.catalogue.lease(LeaseRequest(worker: "next")).first
        #expect(next?.attempt == 1, "nothing was tried")
    }
}

/// A catalogue with files in the hands of a describing worker.
private struct DescribingBench {
    let bench: PipelineBench
    private let input = BoundedQueue<DescribingWork>(capacity: 32)

    init(files: Int) throws {
        bench = try PipelineBench()
        for number in 0..<files { try bench.add(Data([UInt8(number)]), as: "\(number)") }
    }

    /// Writes to the file.
    func change(_ number: Int) throws { try bench.write(Data([1, 2, 3]), to: "\(number)") }

    /// Identifies every file as decoding threads would, and hands over pixels for it.
    func submit(_ image: (Int) -> RGBImage) throws {
        while let (assignment, number) = try identifyNext() {
            let work = StillWork(
                assignment: assignment, image: image(number),
                signature: StoredSignature(version: 1, bytes: [UInt8(number)]))
            #expect(input.push(.still(work)))
        }
    }

    /// As the other, but for one file, which is a clip whose frames come through a channel.
    func submit(_ image: (Int) -> RGBImage, then channel: FrameChannel) throws {
        let clip = try #require(try identifyNext())
        try submit(image)
        #expect(
            input.push(
                .clip(ClipWork(assignment: clip.assignment, duration: nil, frames: channel))))
    }

    private func identifyNext() throws -> (assignment: Assignment, number: Int)? {
        guard let job = try bench.nextJob() else { return nil }
        let name = job.relativePath.string
        let facts = AssetFacts(
            identity: Array(name.utf8), kind: .still, format: "png", width: 8, height: 8)
        let answer = try bench.catalogue.identified(
            job, as: facts, wanting: bench.captioner.recipe)
        guard case .needsDescription(let work) = answer else {
            throw NeverHappened(description: "a picture that needs a description: \(answer)")
        }
        return (Assignment(job).continued(by: work), try #require(Int(name)))
    }

    /// Runs a worker until everything that was handed over is dealt with.
    func work() throws {
        input.close()
        try DescribingWorker(context: bench.context, input: input, idle: .seconds(60)).run()
    }
}

extension RGBImage {
    fileprivate static func plain(_ number: Int) -> RGBImage {
        RGBImage(width: 8, height: 8, pixels: Array(repeating: UInt8(number * 40), count: 192))
    }

    /// Longer than the model takes.
    fileprivate static var tooLong: RGBImage {
        RGBImage(width: 70_000, height: 1, pixels: Array(repeating: 9, count: 210_000))
    }
}
