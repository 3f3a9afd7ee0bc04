import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// A daemon with nothing to do costs nothing.
    @Suite struct CostTests {
        /// Resident memory without the model, in KiB.
        static let restingLimit = 60 * 1024
        /// Growth over a thousand pictures, in KiB.
        static let growthLimit = 20 * 1024

        @Test func idleDaemonNeitherWakesNorKeepsTheModel() async throws {
            let sandbox = try Sandbox(["VIGNETTE_RESOURCES_IDLE": "1"])
            for number in 0..<3 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let daemon = try sandbox.watch()
            try await Self.atRest(sandbox, files: 3)
            let facts = ProcessFacts(processID: daemon.processID)
            // The model goes a second after the last picture.
            try await eventually("the model is given back") {
                try facts.residentKiB <= Self.restingLimit
            }
            try await Self.expectSilence(of: facts)
            #expect(try facts.residentKiB <= Self.restingLimit)

            // It is idle, not dead.
            try sandbox.write(PictureFactory.png(99), to: "new.png")
            try await Self.atRest(sandbox, files: 4)
            #expect(try await daemon.stop().status == 0)
        }

        @Test func memoryDoesNotGrowWithTheNumberOfPictures() async throws {
            let sandbox = try Sandbox()
            try Self.addPictures(0..<100, to: sandbox)
            let daemon = try sandbox.watch()
            let facts = ProcessFacts(processID: daemon.processID)
            try await Self.atRest(sandbox, files: 100)
            let before = try facts.residentKiB
            try Self.addPictures(100..<1100, to: sandbox)
            try await Self.atRest(sandbox, files: 1100)
            let after = try facts.residentKiB
            #expect(after - before <= Self.growthLimit, "from \(before) KiB to \(after) KiB")
            #expect(try await daemon.stop().status == 0)
        }

        /// Ten seconds in which no thread ran, as soon as there are such.
        private static func expectSilence(of facts: ProcessFacts) async throws {
            var history: [String] = []
            for _ in 0..<3 {
                let (switches, ticks) = (try facts.contextSwitches, try facts.processorTicks)
                let threads = facts.threadSummary
                try await Task.sleep(for: .seconds(10))
                let woken = try facts.contextSwitches - switches
                if woken == 0 {
                    #expect(try facts.processorTicks == ticks)
                    return
                }
                history.append("\(woken) switches; \(threads) -> \(facts.threadSummary)")
            }
            Issue.record("never ten quiet seconds: \(history)")
        }

        private static func addPictures(_ numbers: Range<Int>, to sandbox: Sandbox) throws {
            for number in numbers {
                let name = FilePath("\(number / 100)/\(number).bmp")
                try sandbox.write(PictureFactory.bitmap(number, width: 32, height: 24), to: name)
            }
        }

        private static func atRest(_ sandbox: Sandbox, files: Int) async throws {
            try await eventually(
                "\(files) files are described", within: .seconds(300), every: .milliseconds(200)
            ) {
                guard let status = try? await sandbox.status() else { return false }
                return status.isAtRest && status.described == files
            }
        }
    }
}
