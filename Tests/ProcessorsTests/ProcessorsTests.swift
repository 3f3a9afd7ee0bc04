import Foundation
import Synchronization
import Testing

@testable import Processors

@Suite struct ProcessorsTests {
    private func processors(
        _ allowed: [Int], _ files: [String: String] = [:]
    ) throws -> Processors {
        try SystemTree(files).read { Processors(allowed: allowed, root: $0) }
    }

    @Test func whereNothingIsKnownAllAreAlike() throws {
        let found = try processors([0, 1, 2, 3])
        #expect(found == Processors(allowed: [0, 1, 2, 3], quick: [0, 1, 2, 3]))
        #expect(found.count == 4)
        #expect(found.preferred == nil)
        #expect(found.summary == "4 processors")
    }

    @Test func intelsEfficientOnesAreLeftOut() throws {
        let kinds = ["sys/devices/cpu_core/cpus": "0-3", "sys/devices/cpu_atom/cpus": "4-7"]
        let found = try processors(Array(0..<8), kinds)
        #expect(found.quick == [0, 1, 2, 3])
        #expect(found.preferred == [0, 1, 2, 3])
        #expect(found.summary == "8 processors (4 quick)")
        // Kept to the slow ones from outside, a process computes on those.
        #expect(try processors([4, 5], kinds).quick == [4, 5])
    }

    @Test func armsSmallOnesAreLeftOut() throws {
        let capacities = SystemTree.capacities([446, 446, 446, 446, 871, 871, 871, 1024])
        #expect(try processors(Array(0..<8), capacities).quick == [4, 5, 6, 7])
        #expect(try processors([0, 1, 4], capacities).quick == [4])
        #expect(try processors([0, 1], capacities).quick == [0, 1])
    }

    @Test(arguments: ["nothing", "-5", "0", ""])
    func aCapacityThatIsNoneDecidesNothing(text: String) throws {
        var files = SystemTree.capacities([512, 1024])
        files["sys/devices/system/cpu/cpu0/cpu_capacity"] = text
        #expect(try processors([0, 1], files).quick == [0, 1])
    }

    @Test(arguments: [(0.25, 1), (1, 1), (1.5, 2), (3, 3), (3.01, 4), (64, 4)])
    func noMoreThreadsComputeThanArePaidFor(quota: Double, threads: Int) {
        #expect(
            Processors(allowed: [0, 1, 2, 3], quick: [0, 1, 2, 3], quota: quota).count == threads)
    }

    @Test func theQuotaIsSaidWhereItCounts() {
        let four = [0, 1, 2, 3]
        #expect(
            Processors(allowed: four, quick: four, quota: 1.5).summary
                == "4 processors, of which the control group allows the time of 1.5")
        #expect(Processors(allowed: four, quick: four, quota: 4).summary == "4 processors")
    }

    @Test func thisProcessHasSomeAndAThreadCanBeKeptToOne() throws {
        let here = Processors()
        #expect(here.count >= 1)
        let last = try #require(here.allowed.last)
        #expect(KeptThread(to: last).allowed == [last])
        #expect(Processors().allowed == here.allowed, "other threads stay as they are")
    }
}

/// A thread that is kept to a processor and says on which it may then run.
private struct KeptThread {
    let allowed: [Int]?

    init(to processor: Int) {
        let found = Mutex<[Int]?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            ProcessorAffinity.keepThisThread(to: [processor])
            found.withLock { $0 = ProcessorAffinity.ofThisThread() }
            isDone.signal()
        }
        isDone.wait()
        allowed = found.withLock { $0 }
    }
}
