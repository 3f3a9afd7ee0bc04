import CKernels

extension Matrix {
    /// The product [rows, other.columns] with another matrix [columns, …].
    public func multiplied(by other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        var product = Matrix(rows: rows, columns: other.columns)
        read { left in
            other.read { right in
                product.write { target in
                    GEMM.accumulate(
                        rows: rows, columns: other.columns, depth: columns,
                        a: left, aStride: columns, b: right, bStride: other.columns,
                        c: target, cStride: other.columns)
                }
            }
        }
        return product
    }

    /// The mean of all rows: [1, columns].
    ///
    /// - Precondition: there are rows.
    public var meanRow: Matrix {
        precondition(rows > 0)
        let shares = [Float](repeating: 1 / Float(rows), count: rows)
        return Matrix(rows: 1, columns: rows, values: shares).multiplied(by: self)
    }

    /// The largest number of each column: [1, columns].
    ///
    /// - Precondition: there are rows.
    public var largestRow: Matrix {
        precondition(rows > 0)
        var largest = self.rows(0..<1)
        read { all in
            largest.write { target in
                for row in 1..<max(rows, 1) {
                    for column in 0..<columns {
                        target[column] = max(target[column], all[row * columns + column])
                    }
                }
            }
        }
        return largest
    }

    /// Cuts square planes into patches, one a row, in the order of a convolution's weights.
    ///
    /// - Parameters:
    ///   - planes: [channels, size, size].
    ///   - channels: Number of planes.
    ///   - size: Edge of a plane.
    ///   - patch: Edge of a patch.
    /// - Returns: [grid², channels × patch²] with `grid = size / patch`; what lies right of and
    ///   below the last whole patch is left out.
    public static func patches(
        of planes: [Float], channels: Int, size: Int, patch: Int
    ) -> Matrix {
        precondition(patch > 0 && channels > 0 && planes.count == channels * size * size)
        let grid = size / patch
        var rows = Matrix(
            uninitialisedRows: grid * grid, columns: channels * patch * patch)
        rows.write { vk_gather_patches(planes, $0, channels, size, patch, grid) }
        return rows
    }
}
