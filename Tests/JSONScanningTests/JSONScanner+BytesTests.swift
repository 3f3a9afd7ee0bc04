import TestSupport
import Testing

@testable import JSONScanning

@Suite struct JSONScannerBytesTests {
    /// What both ways of reading make of a document: the text or the failure, and the place.
    private func read(_ json: [UInt8]) -> (bytes: Result<[UInt8], JSONScanner.Failure>, end: Int) {
        json.withUnsafeBytes { json in
            var scanner = JSONScanner(json)
            var bytes: [UInt8] = [1]
            let result = Result { try scanner.appendString(to: &bytes) }
                .map { Array(bytes.dropFirst()) }
            return (result.mapError { $0 as? JSONScanner.Failure ?? failure }, scanner.offset)
        }
    }

    private let failure = JSONScanner.Failure(offset: -1, reason: "an error of another type")

    @Test(arguments: [
        (#""""#, ""), (#" "a""#, "a"), (#""Ġthe""#, "Ġthe"), (#""的😀""#, "的😀"),
        (#""a\n\"\u00e9""#, "a\n\"é"), (#""\\""#, "\\"),
    ]) func readsStrings(_ json: String, _ text: String) {
        #expect(read(Array(json.utf8)).bytes == .success(Array(text.utf8)))
    }

    /// As `string()` reads it, whatever the bytes, failures included.
    @Test func agreesWithTheSlowWay() {
        var generator = SeededGenerator(seed: 9)
        let original = Array(#""Ġa\u0120 é的😀\ud83d\ude00\t""#.utf8)
        var failures = 0
        for _ in 0..<5000 {
            let json = mutated(original, using: &generator)
            let fast = read(json)
            json.withUnsafeBytes { json in
                var scanner = JSONScanner(json)
                let slow = Result { try Array(scanner.string().utf8) }
                    .mapError { $0 as? JSONScanner.Failure ?? failure }
                #expect(fast.bytes == slow)
                if case .success = slow { #expect(fast.end == scanner.offset) }
                if case .failure = slow { failures += 1 }
            }
        }
        #expect((500..<4500).contains(failures))
    }
}
