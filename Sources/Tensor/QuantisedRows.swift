import CKernels

/// Rows quantised to 8 bits for products with packed weights; made once for all that take them.
///
/// `@unchecked Sendable`: written by the initialiser alone.
final class QuantisedRows: @unchecked Sendable {
    private(set) var kernelRows: vk_rows

    var rows: Int { kernelRows.rows }
    var inputs: Int { kernelRows.inputs }

    /// Numbers from which on sharing the work out pays.
    private static let worthSharing = 65_536
    private static func valueBytes(_ rows: Int, _ inputs: Int) -> Int { rows * vk_padded(inputs) }
    private static func sumBytes(_ rows: Int, _ inputs: Int) -> Int { rows * vk_groups(inputs) * 4 }

    init(_ x: Matrix) {
        let blocks = x.rows * vk_blocks(x.columns)
        kernelRows = vk_rows(
            rows: x.rows, inputs: x.columns,
            values: SpareMemory.shared.take(Self.valueBytes(x.rows, x.columns))
                .assumingMemoryBound(to: Int8.self),
            scales: .allocate(capacity: max(blocks, 1)),
            offsets: .allocate(capacity: max(blocks, 1)),
            sums: vk_wants_sums(x.rows) == 1
                ? SpareMemory.shared.take(Self.sumBytes(x.rows, x.columns))
                    .assumingMemoryBound(to: Int8.self) : nil)
        let tile = Int(VK_TILE)
        let tiles = (x.rows + tile - 1) / tile
        let shares = x.count < Self.worthSharing ? 1 : min(tiles, 4 * ComputePool.shared.threads)
        x.read { source in
            // Threads write to parts of their own.
            nonisolated(unsafe) let (source, target) = (source, kernelRows)
            ComputePool.shared.parallel(count: shares) { share in
                var target = target
                vk_quantise_rows(
                    source, tiles * share / shares, tiles * (share + 1) / shares, &target)
            }
        }
    }

    /// What quantising left over of the rows that this was made of.
    func rest(of x: Matrix) -> Matrix {
        precondition(x.rows == rows && x.columns == inputs)
        var rest = Matrix(uninitialisedRows: rows, columns: inputs)
        var quantised = kernelRows
        x.read { source in rest.write { vk_rows_rest(source, &quantised, $0) } }
        return rest
    }

    deinit {
        SpareMemory.shared.give(
            kernelRows.values, byteCount: Self.valueBytes(rows, inputs))
        kernelRows.scales.deallocate()
        kernelRows.offsets.deallocate()
        if let sums = kernelRows.sums {
            SpareMemory.shared.give(sums, byteCount: Self.sumBytes(rows, inputs))
        }
    }
}
