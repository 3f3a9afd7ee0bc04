import CBench
import Foundation
import SystemPackage
import Tensor
import VectorIndex

/// How fast the best of a million vectors are found, and how many of them are the right ones.
///
///     VIGNETTE_BENCHMARKS=1 swift run -c release index-benchmark random 1000000 768 /tmp
///
/// The kind of vectors (random, clustered or cone), how many, their dimension, and a folder with a GB of room.
/// Random: every direction is as likely. Clustered: a thousand centres, a cosine of about 0.8 between neighbours.
/// Cone: all share a direction, and few numbers are much larger than the others, as in CLIP's embeddings. Queries
/// are made like the rows. Recall is told of the index alone and as searches have it, whose 64 nearest are put in order by the
/// 16 bits that the catalogue has of each number; against exact products of the rows as they are stored, and of the float32
/// vectors that they were made of; what exact products of the rows miss of the latter is lost by rounding to 8 bits. The plain reading is of as many bytes as a search looks through
/// (signs and factors), by the same threads in turn with the searches. Nothing else may run meanwhile.
@main struct IndexBenchmark {
    private static let queries = 40
    private static let best = 10
    /// As many are put in order by what the catalogue has (`DirectionSearch`).
    private static let exact = 64

    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count == 4, let kind = MadeVectors.Kind(rawValue: words[0]),
            let count = Int(words[1]), let dimension = Int(words[2]), count > 0,
            (1...IndexDescription.maximumDimension).contains(dimension)
        else {
            print("usage: index-benchmark random|clustered|cone COUNT DIMENSION FOLDER")
            exit(2)
        }
        let path = FilePath(words[3]).appending("vignette-benchmark.vectors")
        let remove = { for suffix in ["", ".lock"] { unlink(path.string + suffix) } }
        // One of a run that was broken off has other rows.
        remove()
        defer { remove() }
        let made = MadeVectors(kind: kind, count: count, dimension: dimension)
        let queries = (0..<Self.queries).map { made.vector(count + $0) }
        let description = try IndexDescription(identity: "benchmark", dimension: dimension)
        let truth = try build(path, description, made, queries)
        var start = ContinuousClock.now
        let index = try VectorIndex(at: path, description)
        print(String(format: "opened in %.2f ms", milliseconds(since: start)))
        start = .now
        _ = try index.nearest(to: queries[0], count: Self.best)
        print(String(format: "first search %.2f ms", milliseconds(since: start)))
        try search(index, made, queries, truth)
        try readPlainly(index, queries, bytes: count * (dimension / 8 + 4))
    }

    /// Builds the index, and finds the best rows of each query by exact products meanwhile.
    private static func build(
        _ path: FilePath, _ description: IndexDescription, _ made: MadeVectors,
        _ queries: [[Float]]
    ) throws -> [Truth] {
        let writer = try VectorIndexWriter(at: path, description)
        var truths = queries.map { Truth(query: $0, count: best) }
        var building = Duration.zero
        var first = 0
        while first < made.count {
            let last = min(first + 4096, made.count)
            let floats = made.vectors(first..<last)
            let rows = floats.enumerated().map { MadeVectors.row(first + $0, $1) }
            Truth.see(floats, rows, from: first, &truths)
            let start = ContinuousClock.now
            try writer.append(rows)
            building += ContinuousClock.now - start
            first = last
        }
        var status = stat()
        stat(path.string, &status)
        print(
            String(
                format: "%d rows appended in %.1f s, %.3f GB on disk", made.count,
                building / .seconds(1), Double(status.st_blocks) * 512 / 1e9))
        return truths
    }

    private static func search(
        _ index: VectorIndex, _ made: MadeVectors, _ queries: [[Float]], _ truths: [Truth]
    ) throws {
        var times: [Double] = []
        var (ofRows, ofFloats, rounded, scored, ordered) = (0, 0, 0, 0, 0)
        for (query, truth) in zip(queries, truths) {
            let start = ContinuousClock.now
            let found = try index.nearest(to: query, count: best)
            times.append(milliseconds(since: start))
            let nearest = try index.nearest(to: query, count: exact).hits.map { Int($0.asset) }
            ordered += truth.floats.count(of: inOrder(nearest, of: query, made))
            let assets = found.hits.map { Int($0.asset) }
            ofRows += truth.rows.count(of: assets)
            ofFloats += truth.floats.count(of: assets)
            rounded += truth.floats.count(of: truth.rows.numbers)
            scored += found.scoredRows
        }
        let wanted = Double(queries.count * best)
        print(
            String(
                format:
                    "recall@%d %.4f of the rows as stored, %.4f of float32 (exact products of the rows: "
                    + "%.4f), %.4f in order by 16 bits; %d rows scored",
                best, Double(ofRows) / wanted, Double(ofFloats) / wanted, Double(rounded) / wanted,
                Double(ordered) / wanted,
                scored / queries.count))
        times.sort()
        print(
            String(
                format: "search %.2f ms (median of %d; quickest %.2f)", times[times.count / 2],
                times.count, times[0]))
    }

    /// The best of some rows by 16 bits a number.
    private static func inOrder(
        _ numbers: [Int], of query: [Float], _ made: MadeVectors
    ) -> [Int] {
        let scores = numbers.map { number in
            let vector = made.vector(number)
            let row = MadeVectors.row(number, vector)
            return zip(zip(row.values, MadeVectors.fine(vector, row)), query).reduce(Float(0)) {
                $0 + row.scale * (Float($1.0.0) + Float($1.0.1) / 256) * $1.1
            }
        }
        return zip(scores, numbers).sorted { $0.0 > $1.0 }.prefix(best).map(\.1)
    }

    /// Searches and plain readings of memory in turn, so that both meet the same machine.
    private static func readPlainly(
        _ index: VectorIndex, _ queries: [[Float]], bytes: Int
    ) throws {
        let threads = ComputeThreads.count
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 4096)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 1)
        nonisolated(unsafe) let base = memory.baseAddress
        var (reads, searches): ([Double], [Double]) = ([], [])
        for query in queries {
            var start = ContinuousClock.now
            ComputePool.shared.parallel(count: 64) { share in
                let first = bytes * share / 64
                _ = vb_read_memory(base.map { $0 + first }, bytes * (share + 1) / 64 - first)
            }
            reads.append(milliseconds(since: start))
            start = .now
            _ = try index.nearest(to: query, count: best)
            searches.append(milliseconds(since: start))
        }
        reads.sort()
        searches.sort()
        let (read, search) = (reads[reads.count / 2], searches[searches.count / 2])
        print(
            String(
                format:
                    "in turn, %d threads: %.0f MB read plainly in %.2f ms (%.1f GB/s), search %.2f ms",
                threads, Double(bytes) / 1e6, read, Double(bytes) / read / 1e6, search))
    }

    private static func milliseconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .milliseconds(1)
    }
}
