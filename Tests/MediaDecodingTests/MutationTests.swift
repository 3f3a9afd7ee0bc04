import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

/// Damaged files: every one ends in an answer or an error, and the parent lives.
@Suite struct MutationTests {
    /// Random numbers that are the same on each run (SplitMix64).
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed >> 31
        }
    }

    /// One of the things that happen to files: flipped bits, lost ends, holes, repeated parts.
    private func mutate(_ original: [UInt8], _ random: inout Random) -> [UInt8] {
        var bytes = original
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            }
        case 1:
            bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
        case 2:
            // Headers are at the front, and hold the sizes.
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<min(bytes.count, 128), using: &random)] =
                    [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
            }
        case 3:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, start + Int.random(in: 1...64, using: &random))
            bytes.replaceSubrange(start..<end, with: repeatElement(0, count: end - start))
        default:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, start + Int.random(in: 1...200, using: &random))
            bytes.insert(contentsOf: bytes[start..<end], at: start)
        }
        return bytes
    }

    private static let environment = ProcessInfo.processInfo.environment
    /// How many files are tried; `make soak` and `make sanitize` try more.
    private static let files = environment["VIGNETTE_SOAK"] == nil ? 2400 : 20_000
    /// Whether `VIGNETTE_DECODER` was built with the address sanitizer, as by `make sanitize`.
    private static let isSanitized = environment["VIGNETTE_SANITIZED"] != nil
    /// What the sanitizers write when they find something.
    private static let findings = ["AddressSanitizer", "runtime error:"]

    private static var limits: DecoderLimits {
        var limits = DecoderLimits.standard
        limits.wallSeconds = 20
        limits.maximumFrames = 20
        limits.maximumStillPixels = 4_000_000
        limits.maximumFramePixels = 4_000_000
        if isSanitized {
            // The address sanitizer reserves terabytes, looks into /proc, and is slow.
            limits.sandbox = .prefer
            limits.memoryBytes = 1 << 50
            limits.wallSeconds = 120
        }
        return limits
    }

    @Test func everyDamagedFileEndsInAnAnswerOrAnError() throws {
        let folder = try TemporaryDirectory()
        let decoder = try Fixture.decoder(limits: Self.limits)
        let path = folder.path.appending("damaged")
        var random = Random(state: 2024)
        var answers = 0
        var rejections = 0
        var deaths: [String] = []
        let originals = try [Fixture.folder, Report.folder].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
                .map { folder.appending($0) }
        }
        #expect(originals.count >= 60)
        for original in originals {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: original.string)))
            for _ in 0..<Self.files / originals.count + 1 {
                try Fixture.write(mutate(bytes, &random), to: path)
                do {
                    let probe = try decoder.probe(path)
                    if probe.kind == .still {
                        _ = try decoder.still(path, minimumShortEdge: 24)
                    } else {
                        try decoder.frames(path, minimumShortEdge: 24) { _ in }
                    }
                    answers += 1
                } catch DecodingError.rejected {
                    rejections += 1
                } catch DecodingError.childFailed(_, let reason) {
                    deaths.append("\(original.lastComponent?.string ?? ""): \(reason)")
                    // A codec may crash; that costs a child, and here nothing else.
                    #expect(!reason.contains("not to be trusted"), "\(original): \(reason)")
                    #expect(
                        !Self.findings.contains { reason.contains($0) }, "\(original): \(reason)")
                }
            }
        }
        #expect(answers > 200 && rejections > 200)
        // What ended children is worth a look, though the daemon lives on.
        print(
            "\(originals.count) seeds: \(answers) answers, \(rejections) refusals, dead: \(deaths)")
    }
}
