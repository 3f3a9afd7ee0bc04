import Captioning
import Catalogue
import FileSystem
import Foundation
import Imaging
import Logging
import Synchronization
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Daemon

/// What becomes of pictures that wait together.
@Suite struct DescribingWorkerTests {
    private let bench: DescribingBench

    init() throws {
        bench = try DescribingBench(files: 6)
    }

    @Test func allThatWaitAreDescribed() throws {
        try bench.submit(RGBImage.plain)
        try bench.work()
        #expect(bench.outcomes.described == Set(0..<6))
        #expect(try bench.catalogue.pending().total == 0)
    }

    @Test func onePictureThatCannotBeTakenSpoilsNoOther() throws {
        try bench.submit { $0 == 3 ? .tooLong : .plain($0) }
        try bench.work()
        #expect(bench.outcomes.described == [0, 1, 2, 4, 5])
        #expect(bench.outcomes.failed == [3])
    }

    @Test func aFileThatChangedMeanwhileIsNotDescribedByItsFormerPixels() throws {
        try bench.submit(RGBImage.plain)
        try bench.change(2)
        try bench.work()
        #expect(bench.outcomes.described == [0, 1, 3, 4, 5])
        #expect(try bench.catalogue.pending().total == 1)
    }

    @Test func whatWasNotDescribedWhenStoppedGoesBackIntoTheQueue() throws {
        try bench.submit(RGBImage.plain)
        bench.signal.stop()
        try bench.work()
        #expect(bench.outcomes.described.isEmpty)
        #expect(try bench.catalogue.pending().total == 6)
        #expect(
            try bench.catalogue.lease(LeaseRequest(worker: "next")).first?.attempt == 1,
            "nothing was tried")
    }
}

/// What was heard of files, by their number.
private final class Outcomes: Sendable {
    private let lists = Mutex((described: Set<Int>(), failed: Set<Int>()))

    var described: Set<Int> { lists.withLock { $0.described } }
    var failed: Set<Int> { lists.withLock { $0.failed } }

    func note(_ event: DescribingEvent) {
        lists.withLock { lists in
            switch event {
            case .described(_, let path, _): lists.described.insert(Int(path.string) ?? -1)
            case .failed(_, let path, _, _): lists.failed.insert(Int(path.string) ?? -1)
            case .known: break
            }
        }
    }
}

/// A catalogue with files in the hands of a describing worker.
private struct DescribingBench {
    let catalogue: Catalogue
    let signal = WakeSignal()
    let outcomes = Outcomes()
    private let directory: TemporaryDirectory
    private let root: Root
    private let captioner: Captioner
    private let input = BoundedQueue<DescribingWork>(capacity: 32)

    init(files: Int) throws {
        directory = try TemporaryDirectory()
        catalogue = try Catalogue(
            at: directory.path.appending("catalogue.sqlite"), access: .owner)
        let folder = directory.path.appending("photos")
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: false)
        root = try catalogue.root(at: folder)
        var settings = CaptioningSettings()
        settings.answerTokens = 3
        let tests = FilePath(#filePath).removingLastComponent().removingLastComponent()
        captioner = try Captioner(
            folder: tests.appending("Fixtures/oracle/tiny-llava-mini"), settings: settings)
        for number in 0..<files {
            let path = folder.appending("\(number)")
            try Data([UInt8(number)]).write(to: URL(filePath: path.string))
            _ = try catalogue.observe(
                [
                    .settled(
                        FilePath("\(number)"), FileStatus(at: path), Volume(key: "disk", point: ""))
                ], in: root.id)
        }
    }

    /// Writes to the file.
    func change(_ number: Int) throws {
        let path = root.path.appending("\(number)").string
        try Data([1, 2, 3]).write(to: URL(filePath: path))
    }

    /// Leases every job as decoding threads would, and hands over pixels for its file.
    func submit(_ image: (Int) -> RGBImage) throws {
        while let job = try catalogue.lease(limit: 1, owner: "test").first {
            let name = job.relativePath.string
            let facts = AssetFacts(
                identity: Array(name.utf8), kind: .still, format: "png", width: 8, height: 8,
                duration: nil, capture: CaptureFacts())
            let recipe = Recipe(model: "tiny", version: "1", settings: [1])
            guard
                case .needsDescription(let work) = try catalogue.identified(
                    job, as: facts, wanting: recipe)
            else { continue }
            let number = try #require(Int(name))
            #expect(
                input.push(.still(StillWork(job: job, work: work, image: image(number)))))
        }
    }

    /// Runs a worker until everything that was handed over is dealt with.
    func work() throws {
        input.close()
        try DescribingWorker(context: context, input: input, idle: .seconds(60)).run()
    }

    private var context: PipelineContext {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return PipelineContext(
            catalogue: catalogue, captioner: captioner, owner: "test", settle: .seconds(3600),
            signal: signal, progress: WakeSignal(),
            patience: StoragePatience(
                isPatient: false, signal: signal, logger: logger, onPatience: {}),
            notifier: ServiceNotifier(environment: [:]), logger: logger,
            onEvent: { [outcomes] in outcomes.note($0) }, onDrained: {})
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
