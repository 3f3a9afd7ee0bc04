import CKernels

/// Where a convolution's kernel lies over square planes, so that ⌈edge / stride⌉ places come out.
///
/// Zeros are thought around the planes; where their number is odd, one more right and below. This is
/// TensorFlow's "same" padding, with which EfficientNet was trained.
public struct SamePadding: Equatable, Sendable {
    /// Places along an edge of what comes out.
    public let out: Int
    /// Zeros above and left.
    public let before: Int

    /// Places the kernel.
    ///
    /// - Precondition: all are positive.
    public init(edge: Int, kernel: Int, stride: Int) {
        precondition(edge > 0 && kernel > 0 && stride > 0)
        out = (edge + stride - 1) / stride
        before = max((out - 1) * stride + kernel - edge, 0) / 2
    }
}

/// A convolution that filters each channel by itself, with ReLU6 behind it.
public struct DepthwiseConvolution: Sendable {
    /// Numbers of a place.
    public let channels: Int
    /// Edge of the kernel.
    public let kernel: Int
    /// Places from one kernel to the next.
    public let stride: Int
    /// [kernel², channels]: stored by channel, used by place.
    private let weight: [Float]
    private let bias: [Float]

    /// Multiply-adds that a thread takes at once: some ten microseconds of work.
    private static let operationsAtOnce = 131_072

    /// Takes a stored weight [channels, 1, kernel, kernel] and its bias [channels].
    ///
    /// - Precondition: they have such shapes.
    public init(weight: Weights, bias: Weights, stride: Int) {
        precondition(weight.shape.count == 4 && weight.shape[1] == 1 && stride > 0)
        precondition(weight.shape[2] == weight.shape[3] && bias.count == weight.shape[0])
        (channels, kernel) = (weight.shape[0], weight.shape[2])
        self.stride = stride
        self.bias = bias.floats
        let (stored, taps, count) = (weight.floats, kernel * kernel, channels)
        self.weight = (0..<taps * count).map { stored[$0 % count * taps + $0 / count] }
    }

    /// Filters planes [edge², channels] to [⌈edge / stride⌉², channels].
    ///
    /// - Precondition: the planes are square and have so many channels.
    public func callAsFunction(_ x: Matrix, edge: Int) -> Matrix {
        precondition(x.rows == edge * edge && x.columns == channels)
        let padding = SamePadding(edge: edge, kernel: kernel, stride: stride)
        let operations = padding.out * channels * kernel * kernel
        OperationCount.add(multiplyAdds: operations * padding.out)
        var y = Matrix(uninitialisedRows: padding.out * padding.out, columns: channels)
        weight.withUnsafeBufferPointer { weight in
            bias.withUnsafeBufferPointer { bias in
                // Read alone while the threads run, and no longer.
                nonisolated(unsafe) let filter = vk_filter(
                    weight: weight.baseAddress, bias: bias.baseAddress, channels: channels,
                    kernel: kernel, stride: stride, before: padding.before)
                filtered(x, edge: edge, filter, padding.out, operations, into: &y)
            }
        }
        return y
    }

    /// Shares the rows of places out among the threads; each costs so many operations.
    private func filtered(
        _ x: Matrix, edge: Int, _ filter: vk_filter, _ out: Int, _ operations: Int,
        into y: inout Matrix
    ) {
        nonisolated(unsafe) let filter = filter
        x.read { source in
            nonisolated(unsafe) let source = source
            y.write { target in
                // Threads write to rows of their own.
                nonisolated(unsafe) let target = target
                ComputePool.shared.inShares(
                    of: out, atLeast: max(1, Self.operationsAtOnce / operations)
                ) { rows in
                    var filter = filter
                    vk_depthwise_relu6(
                        source, edge, &filter, target, out, rows.lowerBound, rows.upperBound)
                }
            }
        }
    }
}

extension Matrix {
    /// Cuts square planes into what a convolution's kernel sees at each place, one a row, in the order
    /// of the convolution's weights.
    ///
    /// - Parameters:
    ///   - planes: [channels, size, size].
    ///   - channels: Number of planes.
    ///   - size: Edge of a plane.
    ///   - kernel: Edge of the kernel.
    ///   - stride: Places from one kernel to the next.
    /// - Returns: [⌈size / stride⌉², channels × kernel²].
    public static func neighbourhoods(
        of planes: [Float], channels: Int, size: Int, kernel: Int, stride: Int
    ) -> Matrix {
        precondition(channels > 0 && planes.count == channels * size * size)
        let padding = SamePadding(edge: size, kernel: kernel, stride: stride)
        var rows = Matrix(
            uninitialisedRows: padding.out * padding.out, columns: channels * kernel * kernel)
        rows.write {
            vk_gather_neighbours(
                planes, $0, channels, size, kernel, stride, padding.before, padding.out)
        }
        return rows
    }
}
