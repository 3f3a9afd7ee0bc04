import Foundation
import SystemPackage
import Tokenization

/// How long a tokenizer takes to load and how fast it encodes a text.
///
///     python Benchmarks/make_tokenizer.py /tmp/tokenizer
///     VIGNETTE_BENCHMARKS=1 swift run -c release tokenizer-benchmark /tmp/tokenizer /tmp/tokenizer/sample.txt
@main struct TokenizerBenchmark {
    private static let repetitions = 5

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 2, let folder = arguments.first, let file = arguments.last else {
            print("usage: tokenizer-benchmark FOLDER TEXT")
            exit(2)
        }
        let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        // The first of a process also asks for the properties of every character.
        let first = try measured { try Tokenizer(folder: FilePath(folder)) }
        print("load, first: \(first.seconds) s")
        for _ in 1..<repetitions {
            let again = try measured { try Tokenizer(folder: FilePath(folder)) }
            print("load, again: \(again.seconds) s")
        }
        for _ in 0..<repetitions {
            let run = try measured { try first.value.encode(text, addingBeginOfText: false) }
            let rate = Double(text.utf8.count) / run.seconds / 1e6
            print("encode: \(run.value.count) ids, \(rate) MB/s on one thread")
        }
    }

    private static func measured<Value>(
        _ body: () throws -> Value
    ) rethrows -> (value: Value, seconds: Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let value = try body()
        return (value, (clock.now - start) / .seconds(1))
    }
}
