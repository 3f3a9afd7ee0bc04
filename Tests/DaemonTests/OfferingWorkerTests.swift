import Catalogue
import Foundation
import Likeness
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Daemon

@Suite struct OfferingWorkerTests {
    private let bench: PipelineBench
    private let old = Recipe(model: "old", version: "1", settings: [1])

    init() throws {
        bench = try PipelineBench()
        for number in 1...3 {
            try bench.add(PictureFactory.png(number), as: "\(number).png")
            try bench.describeNext(by: old)
        }
    }

    private var isSigned: Bool {
        get throws {
            try (1...3).allSatisfy {
                try bench.catalogue.signature(
                    of: $0, version: Int(PictureSignature.version)) != nil
            }
        }
    }

    @Test func whatIsLackingIsAskedForOnAThreadOfItsOwnUntilItIsStopped() async throws {
        try bench.context.retarget()
        #expect(!bench.context.isTargeted)
        let threads = ThreadGroup {}
        threads.start("offering") { [bench] in
            try OfferingWorker(context: bench.context).run()
        }
        try await eventually("all were looked through") { bench.context.isTargeted }
        #expect(try bench.catalogue.pending().embeddings == 3)
        bench.signal.stop()
        try threads.wait()
    }

    @Test func aStopLeavesTheRestForTheNextStart() throws {
        try bench.context.retarget()
        bench.signal.stop()
        try bench.context.offerEmbeddings()
        #expect(!bench.context.isTargeted)
        #expect(try bench.catalogue.pending().embeddings == 0)
    }

    /// The tiny model makes no embeddings.
    @Test func stillsGetSignaturesWithoutAModelThatMakesEmbeddings() async throws {
        #expect(bench.context.embeddingRecipe == nil)
        #expect(try !isSigned)
        try bench.context.retarget()
        try bench.context.offerEmbeddings()
        try await bench.workUntilDrained()
        #expect(try isSigned)
        #expect(try bench.catalogue.pending().embeddings == 0)
        #expect(bench.outcomes.described.isEmpty, "nothing is described again")
        let again = try bench.catalogue.offerEmbeddings(
            by: bench.context.lookingRecipe, signatures: Int(PictureSignature.version))
        #expect(again == 0)
    }
}
