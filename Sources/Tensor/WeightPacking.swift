import CKernels

/// Turns rows of weights into panels, and back.
public enum WeightPacking {
    /// Quantises and packs rows.
    ///
    /// A panel depends on its own sixteen rows alone, so a matrix can be packed panel by panel, and
    /// by several threads.
    ///
    /// - Parameters:
    ///   - rows: [rowCount, inputs], from the first row of a panel on.
    ///   - rowCount: Rows; the last panel may be short.
    ///   - inputs: Length of a row.
    ///   - format: How to pack.
    ///   - target: The panels' bytes, `PackedShape(format:outputs:inputs:).byteCount` for the rows.
    /// - Precondition: the sizes fit.
    public static func pack(
        rows: UnsafeBufferPointer<Float>, rowCount: Int, inputs: Int, format: PackedFormat,
        into target: UnsafeMutableRawBufferPointer
    ) {
        let shape = PackedShape(format: format, outputs: rowCount, inputs: inputs)
        precondition(rows.count == rowCount * inputs && target.count == shape.byteCount)
        guard let source = rows.baseAddress, let bytes = target.baseAddress else { return }
        forEachPanel(of: shape, rowCount: rowCount) { panel, first, count in
            vk_pack_panel(
                format.kernelFormat, source + first * inputs, count, inputs,
                (bytes + panel * shape.bytesPerPanel).assumingMemoryBound(to: UInt8.self))
        }
    }

    /// The numbers that packed rows stand for: [rowCount, inputs].
    ///
    /// - Precondition: `panels` holds as many rows.
    public static func unpack(
        panels: UnsafeRawBufferPointer, rowCount: Int, inputs: Int, format: PackedFormat
    ) -> [Float] {
        let shape = PackedShape(format: format, outputs: rowCount, inputs: inputs)
        precondition(panels.count >= shape.byteCount)
        return [Float](unsafeUninitializedCapacity: rowCount * inputs) { target, written in
            written = rowCount * inputs
            guard let rows = target.baseAddress, let bytes = panels.baseAddress else { return }
            rows.initialize(repeating: 0, count: written)
            forEachPanel(of: shape, rowCount: rowCount) { panel, first, count in
                vk_unpack_panel(
                    format.kernelFormat,
                    (bytes + panel * shape.bytesPerPanel).assumingMemoryBound(to: UInt8.self),
                    count, inputs, rows + first * inputs)
            }
        }
    }

    private static func forEachPanel(
        of shape: PackedShape, rowCount: Int, _ body: (_ panel: Int, _ first: Int, Int) -> Void
    ) {
        for panel in 0..<shape.panels {
            let first = panel * PackedShape.panelOutputs
            body(panel, first, min(PackedShape.panelOutputs, rowCount - first))
        }
    }
}
