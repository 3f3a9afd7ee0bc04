import Foundation
import SystemPackage
import VectorIndex

/// Brings an index up to date with `SampleVectors`, a batch at a time, for tests that kill it meanwhile.
///
///     vector-index-filler PATH DIMENSION SEGMENT-ROWS COUNT BATCH [rebuild]
@main struct Filler {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        let numbers = words.compactMap { Int($0) }
        guard let path = words.first, numbers.count == 4 else {
            FileHandle.standardError.write(Data("usage: see the source\n".utf8))
            exit(2)
        }
        let description = try IndexDescription(
            identity: "samples", dimension: numbers[0], segmentRows: numbers[1])
        let source = SampleVectors(dimension: numbers[0], count: numbers[2])
        let writer = try VectorIndexWriter(at: FilePath(path), description)
        if words.last == "rebuild" { try writer.rebuild(from: source) }
        while true {
            let vectors = source.vectors(after: writer.lastSequence, limit: numbers[3])
            if vectors.isEmpty { break }
            try writer.append(vectors)
        }
        print(writer.count)
    }
}
