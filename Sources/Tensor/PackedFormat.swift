import CKernels

/// How a weight matrix is quantised and laid out for the kernels.
///
/// The raw value is the suffix of the matrix's key in a converted checkpoint:
/// `….q_proj.weight.q4`, stored as `U8` [panels, bytes a panel]. `CKernels/include/quantised.h`
/// describes the bytes.
public enum PackedFormat: String, Sendable, CaseIterable {
    /// Four bits a weight, a step and a zero point for 32 of them: 4.31 bits in all.
    case q4
    /// Eight bits a weight: 8.06 in all.
    case q8
    /// Sixteen bits a weight, 16.13 in all, and as many for the rows it is multiplied with: three
    /// times the work of 8 bits, and within a ten-thousandth of single precision.
    case q16

    /// Number of the layout; a converted checkpoint states it.
    public static let layout = 1

    /// Bits of a weight.
    public var bits: Int { Int(kernelFormat.rawValue) }

    var kernelFormat: vk_format {
        switch self {
        case .q4: VK_Q4
        case .q8: VK_Q8
        case .q16: VK_Q16
        }
    }
}

/// The size of a packed matrix [outputs, inputs].
public struct PackedShape: Sendable, Equatable {
    /// Outputs that a panel holds.
    public static let panelOutputs = Int(VK_PANEL)

    /// Panels: sixteen outputs each, the last filled up with zeros.
    public let panels: Int
    /// Bytes of a panel, a multiple of 64.
    public let bytesPerPanel: Int

    /// Bytes of the matrix.
    public var byteCount: Int { panels * bytesPerPanel }
    /// The shape that the bytes are stored in: [panels, bytes a panel].
    public var stored: [Int] { [panels, bytesPerPanel] }

    /// Computes the size of a matrix.
    ///
    /// - Parameters:
    ///   - format: How it is packed.
    ///   - outputs: Rows of the matrix.
    ///   - inputs: Columns of the matrix.
    public init(format: PackedFormat, outputs: Int, inputs: Int) {
        precondition(outputs >= 0 && inputs >= 0)
        panels = (outputs + Self.panelOutputs - 1) / Self.panelOutputs
        bytesPerPanel = vk_panel_bytes(format.kernelFormat, inputs)
    }
}
