import COpenBLAS

/// The matrix products of OpenBLAS, row-major, with strides in elements.
enum GEMM {
    /// `C = keeping × C + A Bᵀ` for A [rows, depth], B [columns, depth], C [rows, columns].
    static func accumulateTransposed(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int,
        c: UnsafeMutablePointer<Float>, cStride: Int, keeping: Float = 1
    ) {
        guard rows > 0, columns > 0, depth > 0 else { return }
        ComputeThreads.prepare(operations: rows * columns * depth)
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

    /// `C = keeping × C + A B` for A [rows, depth], B [depth, columns], C [rows, columns].
    static func accumulate(
        rows: Int, columns: Int, depth: Int,
        a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int,
        c: UnsafeMutablePointer<Float>, cStride: Int, keeping: Float = 1
    ) {
        guard rows > 0, columns > 0, depth > 0 else { return }
        ComputeThreads.prepare(operations: rows * columns * depth)
        guard rows > 1 else {
            cblas_sgemv(
                CblasRowMajor, CblasTrans, blasint(depth), blasint(columns), 1,
                b, blasint(bStride), a, 1, keeping, c, 1)
            return
        }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns),
            blasint(depth), 1, a, blasint(aStride), b, blasint(bStride), keeping,
            c, blasint(cStride))
    }
}
