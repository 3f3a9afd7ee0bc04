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
/// OUT is a folder of JPEG files whose names say what they are; see `make_duplicates.py`.
@main struct DuplicatesBenchmark {
    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count == 1 || words.count == 2 && words[1] == "--pairs" else {
            print("usage: duplicates-benchmark FOLDER [--pairs]")
            exit(2)
        }
        let pictures = try JudgedPicture.all(in: FilePath(words[0]))
        var judgement = Judgement(listsErrors: words.count == 2)
        judgement.compareWithin(pictures)
        judgement.compareUnrelated(pictures)
        judgement.printed()
    }
}
