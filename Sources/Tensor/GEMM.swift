import COpenBLAS

/// Products in single precision, row-major, with strides in elements.
///
/// OpenBLAS computes each share on the thread that asks; `ComputePool` has the threads. Its own
/// wait for each other by yielding the processor over and over (SPEED.md, "Threads").
enum GEMM {
    /// Multiply-adds from which on sharing a product out pays.
    private static let worthSharing = 1_000_000
    /// Columns of a share: whole registers of any processor.
    private static let columnsAtOnce = 64

    private static let hasSetThreads: Void = openblas_set_num_threads(1)

    /// `C = keeping × C + A Bᵀ` for A [rows, depth], B [columns, depth], C [rows, columns].
    static func accumulateTransposed(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int,
        c: UnsafeMutablePointer<Float>, cStride: Int, keeping: Float = 1
    ) {
        guard rows > 0, columns > 0, depth > 0 else { return }
        _ = hasSetThreads
        // Threads write to columns of their own.
        nonisolated(unsafe) let (a, b, c) = (a, b, c)
        share(columns, operations: rows * columns * depth) { part in
            accumulateAlone(
                rows: rows, columns: part.count, depth: depth, a: a, aStride: aStride,
                b: b + part.lowerBound * bStride, bStride: bStride,
                c: c + part.lowerBound, cStride: cStride, keeping: keeping)
        }
    }

    /// The same on the thread that calls.
    private static func accumulateAlone(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int,
        c: UnsafeMutablePointer<Float>, cStride: Int, keeping: Float
    ) {
        guard rows > 1 else {
            // One row reads B once; the matrix–vector routine does so without packing it first.
            cblas_sgemv(
                CblasRowMajor, CblasNoTrans, blasint(columns), blasint(depth), 1,
                b, blasint(bStride), a, 1, keeping, c, 1)
            return
        }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns),
            blasint(depth), 1, a, blasint(aStride), b, blasint(bStride), keeping,
            c, blasint(cStride))
    }

    /// `C = keeping × C + A Bᵀ` for a B [columns, depth] that is stored in half precision: each
    /// thread converts a few rows of it at a time.
    static func accumulateTransposed(
        rows: Int, a: UnsafePointer<Float>, b: Weights,
        c: UnsafeMutablePointer<Float>, keeping: Float
    ) {
        let (columns, depth) = (b.shape[0], b.count / max(b.shape[0], 1))
        guard rows > 0, columns > 0, depth > 0 else { return }
        _ = hasSetThreads
        // Threads write to columns of their own.
        nonisolated(unsafe) let (a, c) = (a, c)
        share(columns, operations: rows * columns * depth) { part in
            let some = FloatBuffer(capacity: columnsAtOnce * depth)
            for first in stride(from: part.lowerBound, to: part.upperBound, by: columnsAtOnce) {
                let count = min(columnsAtOnce, part.upperBound - first)
                b.copyFloats(from: first * depth, count: count * depth, to: some.start)
                accumulateAlone(
                    rows: rows, columns: count, depth: depth, a: a, aStride: depth,
                    b: UnsafePointer(some.start), bStride: depth,
                    c: c + first, cStride: columns, keeping: keeping)
            }
        }
    }

    /// `C = keeping × C + A B` for A [rows, depth], B [depth, columns], C [rows, columns].
    static func accumulate(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int,
        c: UnsafeMutablePointer<Float>, cStride: Int, keeping: Float = 1
    ) {
        guard rows > 0, columns > 0, depth > 0 else { return }
        _ = hasSetThreads
        nonisolated(unsafe) let (a, b, c) = (a, b, c)
        share(columns, operations: rows * columns * depth) { part in
            let (b, c) = (b + part.lowerBound, c + part.lowerBound)
            guard rows > 1 else {
                cblas_sgemv(
                    CblasRowMajor, CblasTrans, blasint(depth), blasint(part.count), 1,
                    b, blasint(bStride), a, 1, keeping, c, 1)
                return
            }
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(part.count),
                blasint(depth), 1, a, blasint(aStride), b, blasint(bStride), keeping,
                c, blasint(cStride))
        }
    }

    private static func share(
        _ columns: Int, operations: Int, _ body: @Sendable (Range<Int>) -> Void
    ) {
        guard operations >= worthSharing else { return body(0..<columns) }
        let pieces = (columns + columnsAtOnce - 1) / columnsAtOnce
        let shares = min(pieces, 4 * ComputePool.shared.threads)
        ComputePool.shared.parallel(count: shares) { share in
            let first = pieces * share / shares * columnsAtOnce
            let end = min(pieces * (share + 1) / shares * columnsAtOnce, columns)
            body(first..<end)
        }
    }
}
