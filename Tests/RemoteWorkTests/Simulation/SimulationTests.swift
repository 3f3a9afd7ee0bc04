import Foundation
import TestSupport
import Testing

@testable import RemoteWork

/// Random schedules of a library, workers and a database: whoever is killed, stopped, cut off or asked again, at
/// whatever moment, every work has at most one stored answer, has one in the end, and none that is stale.
@Suite struct SimulationTests {
    static let isSoak = !(ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] ?? "").isEmpty
    static let steps = isSoak ? 1_000_000 : 20_000

    @Test(arguments: 1...10) func lawHoldsInSoakOfRandomSchedules(seed: UInt64) throws {
        var world = SimulatedWorld(seed: seed)
        for _ in 0..<Self.steps { try world.step() }
        try world.finish()
        #expect(world.library.stores > Self.steps / 100, "the schedules should get something done")
        #expect(world.library.discards > 0, "some answers should come too late")
    }
}

private struct SimulatedWorld {
    var random: SeededGenerator
    var queue = SimulatedQueue()
    var library = SimulatedLibrary(works: 40)
    var workers = (0..<5).map { SimulatedWorker(alwaysFails: $0 == 4) }
    /// Whom the network or a signal keeps from doing anything, and until when.
    var stopped: [Int: Double] = [:]
    var isDown = false

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func chance(_ one: Int) -> Bool {
        Int.random(in: 0..<one, using: &random) == 0
    }

    mutating func step() throws {
        // Mostly moments, at times as long as a lease.
        queue.now +=
            chance(200)
            ? Double.random(in: 10...120, using: &random)
            : Double.random(in: 0...0.5, using: &random)
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<3: library.kill()
        case 3: queue.crash()
        case 4..<6: isDown.toggle()
        case 6..<40: try library.redo(Int.random(in: 0..<40, using: &random))
        case 40..<50: try library.describeOne()
        case 50..<400: try daemonStep(isLost: chance(50))
        default: workerStep()
        }
        if isDown, chance(100) { isDown = false }
    }

    private mutating func daemonStep(isLost: Bool) throws {
        guard !isDown else { return library.disconnect(at: queue.now) }
        guard library.isConnected else { return library.connect(&queue) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: library.look(&queue)
        case 1: library.decode()
        case 2: library.entrust(using: &random)
        case 3:
            library.offer(&queue)
            if isLost { library.disconnect(at: queue.now) }
        default:
            let collected = try library.collect(queue, most: 5)
            if chance(20) { return library.kill() }
            queue.forget(collected)
            library.forgot(collected)
            if isLost { library.disconnect(at: queue.now) }
        }
    }

    private mutating func workerStep() {
        let index = Int.random(in: workers.indices, using: &random)
        if let until = stopped[index], until > queue.now { return }
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<5: workers[index].kill()
        case 5..<10: stopped[index] = queue.now + Double.random(in: 1...130, using: &random)
        case 10: if !isDown { workers[index].breakDown(&queue) }
        case 11: if !isDown { workers[index].drain(&queue) }
        default: if !isDown { workers[index].step(&queue, isLost: chance(50), using: &random) }
        }
    }

    /// Nothing happens any more but work: all of it comes to an end.
    mutating func finish() throws {
        isDown = false
        for _ in 0..<200_000 where !library.isDone {
            queue.now += 0.3
            try daemonStep(isLost: false)
            workerStep()
            if chance(50) { try library.describeOne() }
        }
        let left = library.works.enumerated().filter { $0.element.state != .done }
        #expect(left.isEmpty, "stuck: \(left)")
        #expect(library.works.allSatisfy { $0.stored == 1 })
    }
}
