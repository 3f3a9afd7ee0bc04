import Foundation
import Imaging
import Likeness
import MediaDecoding
import SystemPackage

/// How many copies of pictures are found, and how many other pictures are taken for copies.
///
///     python Benchmarks/make_duplicates.py PHOTOS OUT
///     VIGNETTE_BENCHMARKS=1 swift build -c release
///     .build/release/duplicates-benchmark OUT
///
/// OUT is a folder of JPEG files whose names say what they are; see `make_duplicates.py`. With `--pairs` the pairs that are judged
/// wrongly are named. `--bands COUNT` instead of a folder times the search among so many random hashes.
@main struct DuplicatesBenchmark {
    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.count == 2, words[0] == "--bands", let count = Int(words[1]), count > 0 {
            BandsTiming.measure(count)
            return
        }
        guard words.count == 1 || words.count == 2 && words[1] == "--pairs" else {
            print("usage: duplicates-benchmark FOLDER [--pairs] | --bands COUNT")
            exit(2)
        }
        let pictures = try JudgedPicture.all(in: FilePath(words[0]))
        var judgement = Judgement(listsErrors: words.count == 2)
        judgement.compareWithin(pictures)
        judgement.compareUnrelated(pictures)
        judgement.printed()
        judgement.countFoundByHash(pictures)
    }
}
