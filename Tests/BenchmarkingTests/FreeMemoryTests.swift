import Foundation
import LLaVAMini
import SystemPackage
import TestSupport
import Testing

@testable import Benchmarking

@Suite struct FreeMemoryTests {
    @Test func theKernelsEstimateIsRead() throws {
        let folder = try TemporaryDirectory()
        let file = folder.path.appending("meminfo").string
        try "MemTotal:  99 kB\nMemAvailable:    2048 kB\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let none = folder.path.appending("none").string
        #expect(FreeMemory.bytes(memoryInformation: file, group: none) == 2048 * 1024)
        #expect(FreeMemory.bytes(memoryInformation: none, group: none) == nil)
    }

    @Test(arguments: [("3000000", 1_000_000), ("max", 2_097_152), ("1000", 0)])
    func aControlGroupsLimitCounts(limit: String, expected: Int) throws {
        let folder = try TemporaryDirectory()
        for (name, text) in [
            ("meminfo", "MemAvailable: 2048 kB\n"), ("memory.max", "\(limit)\n"),
            ("memory.current", "2000000\n"),
        ] {
            try text.write(
                toFile: folder.path.appending(name).string, atomically: true, encoding: .utf8)
        }
        let bytes = FreeMemory.bytes(
            memoryInformation: folder.path.appending("meminfo").string,
            group: folder.path.string)
        #expect(bytes == expected)
    }

    @Test func whatDoesNotFitIsRefusedInWords() throws {
        try FreeMemory.check(needed: 5, available: 5)
        try FreeMemory.check(needed: 5, available: nil)
        let error = #expect(throws: BenchmarkError.self) {
            try FreeMemory.check(needed: 7_000_000_000, available: 4_200_000_000)
        }
        let message = try #require(error).description
        #expect(message.contains("needs 7.0 GB") && message.contains("4.2 GB are free"))
        #expect(message.contains("--shape demo"))
    }

    @Test func fewerPicturesAtOnceAreMeasuredWhereMemoryIsShort() throws {
        let configuration = try ModelShape.demo.configuration()
        let settings = BenchmarkSettings(model: .synthetic(.demo, .four), threads: 2)
        let whole = FreeMemory.workingBytes(configuration, settings)
        func fitting(_ available: Int?) throws -> Int {
            try FreeMemory.fitting(
                settings, configuration, weights: 5, available: available
            ).backlog
        }
        #expect(try fitting(nil) == settings.backlog && fitting(whole + 5) == settings.backlog)
        #expect(try fitting(whole + 4) == settings.backlog / 2)
        #expect(throws: BenchmarkError.self) { try fitting(1000) }
    }

    @Test func largerModelsNeedMore() throws {
        let needs = try ModelShape.allCases.map { shape in
            let settings = BenchmarkSettings(model: .synthetic(shape, .four), threads: 2)
            return FreeMemory.workingBytes(try shape.configuration(), settings)
        }
        #expect(needs.allSatisfy { $0 > 512 << 20 && $0 < 6 << 30 })
        #expect(needs[0] > needs[2] && needs[1] > needs[2])
    }
}
