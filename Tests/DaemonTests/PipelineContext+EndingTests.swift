import Catalogue
import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Daemon

/// What becomes of a job whose file is not what it was, or cannot be read.
@Suite struct PipelineContextEndingTests {
    private let bench: PipelineBench

    init() throws { bench = try PipelineBench() }

    @Test func aFileThatCannotBeLookedAtIsNotMissing() async throws {
        try bench.add(PictureFactory.png(1), as: "one.png")
        let job = try #require(try bench.nextJob())
        let hidden = bench.folder.string + "-hidden"
        try FileManager.default.moveItem(atPath: bench.folder.string, toPath: hidden)
        try bench.context.reconsider(Assignment(job))
        #expect(try bench.catalogue.status().roots.first?.missing == 0)
        #expect(try bench.nextJob() == nil, "it is left alone for a while")
        let later = Date() + 60
        let again = try bench.catalogue.lease(limit: 1, owner: "test", at: later)
        #expect(again.first?.attempt == 1, "let go of, and not counted")
    }

    @Test func aFileThatStillChangesIsLeftAlone() async throws {
        try bench.add(PictureFactory.png(1), as: "one.png")
        let job = try #require(try bench.nextJob())
        try bench.write(PictureFactory.png(2), to: "one.png")
        try bench.context.reconsider(Assignment(job))
        #expect(try bench.nextJob() == nil)
        #expect(try bench.catalogue.pending().files == 1)
    }

    @Test func aFileThatChangedAndStandsStillIsQueuedAsItIs() async throws {
        let bench = try PipelineBench(settle: .zero)
        try bench.add(PictureFactory.png(1), as: "one.png")
        let job = try #require(try bench.nextJob())
        try bench.write(PictureFactory.png(2, width: 50), to: "one.png")
        try bench.context.reconsider(Assignment(job))
        let next = try #require(try bench.nextJob())
        #expect(next.status != job.status)
        #expect(next.attempt == 1)
    }

    /// As long as the catalogue takes another disk for mounted than stands there, the same job was lent
    /// out and let go of again without end.
    @Test func aFileWhosePlaceIsOnAnotherVolumeIsLeftAlone() async throws {
        let bench = try PipelineBench(settle: .zero)
        try bench.write(PictureFactory.png(1), to: "one.png")
        let job = try #require(try onAnotherVolume("one.png", of: bench))
        try bench.context.reconsider(Assignment(job))
        let next = try #require(try bench.nextJob())
        #expect(next.volume != job.volume, "what stands there is worked on")
        #expect(try bench.nextJob() == nil, "and nothing else for now")
        let later = try bench.catalogue.lease(limit: 1, owner: "test", at: Date() + 60)
        #expect(later.map(\.volume) == [job.volume])
        #expect(later.map(\.attempt) == [1], "let go of, and not counted")
    }

    @Test func workWhoseFileIsOnAnotherVolumeIsLeftAlone() async throws {
        let bench = try PipelineBench(settle: .zero)
        try bench.write(PictureFactory.png(1), to: "one.png")
        let job = try #require(try onAnotherVolume("one.png", of: bench))
        let answer = try bench.catalogue.identified(
            job, as: facts([7]), wanting: bench.captioner.recipe)
        guard case .needsDescription(let work) = answer else {
            Issue.record("\(answer)")
            return
        }
        let source = try #require(try bench.catalogue.file(for: work))
        try bench.context.reconsider(Assignment(work, at: source))
        let request = LeaseRequest(worker: "test")
        #expect(try bench.catalogue.lease(request).isEmpty, "not at once again")
    }

    /// A permission that is given later queues the file again, where that shows.
    @Test(arguments: [true, false])
    func aRefusalIsFinalWhereAPermissionWouldShow(showsChanges: Bool) throws {
        try bench.write(PictureFactory.png(1), to: "one.png")
        guard
            case .present(let status, let volume) = bench.context.lookup.look(
                at: "one.png", below: bench.folder)
        else { throw NeverHappened(description: "a look at the file") }
        let seen =
            showsChanges ? status : status.trusted(on: FileSystemKind(magic: 0x6573_5546))
        _ = try bench.catalogue.observe([.settled("one.png", seen, volume)], in: bench.root.id)
        let job = try #require(try bench.nextJob())
        try bench.context.report(
            .unreadable(job.path, .permissionDenied), of: Assignment(job))
        let later = try bench.catalogue.lease(limit: 1, owner: "test", at: Date() + 3600)
        #expect(later.isEmpty == showsChanges)
        #expect(bench.outcomes.failed["one.png"]?.contains("cannot be read") == true)
    }

    /// What could not be read may be read the next time.
    @Test func anErrorOfTheDiskIsTriedAgain() throws {
        try bench.add(PictureFactory.png(1), as: "one.png")
        let job = try #require(try bench.nextJob())
        try bench.context.report(.unreadable(job.path, .ioError), of: Assignment(job))
        #expect(try bench.nextJob() == nil, "not at once")
        let later = try bench.catalogue.lease(limit: 1, owner: "test", at: Date() + 3600)
        #expect(later.map(\.attempt) == [2])
    }

    private func facts(_ identity: [UInt8]) -> AssetFacts {
        AssetFacts(identity: identity, kind: .still, format: "png", width: 8, height: 8)
    }

    /// Makes the catalogue believe that a disk is mounted on the folder which is not.
    private func onAnotherVolume(_ name: String, of bench: PipelineBench) throws -> LeasedJob? {
        guard
            case .present(let status, let volume) = bench.context.lookup.look(
                at: FilePath(name), below: bench.folder)
        else { throw NeverHappened(description: "a look at \(name)") }
        let other = Volume(key: "another disk", point: "")
        try bench.catalogue.setOnline(bench.root.id, volumes: [volume, other])
        _ = try bench.catalogue.observe(
            [.settled(FilePath(name), status, other)], in: bench.root.id)
        return try bench.nextJob()
    }
}
