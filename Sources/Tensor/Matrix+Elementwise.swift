import CKernels

extension Matrix {
    /// Adds element by element.
    ///
    /// - Precondition: the shapes are the same.
    public static func += (left: inout Matrix, right: Matrix) {
        precondition(left.rows == right.rows && left.columns == right.columns)
        right.read { source in
            nonisolated(unsafe) let source = source
            left.writeInShares { target, part in
                vk_add(target + part.lowerBound, source + part.lowerBound, part.count)
            }
        }
    }

    /// Moves a running mean towards another value or mean: `self + share × (value − self)`.
    ///
    /// - Parameters:
    ///   - value: What is taken in, of the same shape.
    ///   - share: Its part of the new mean; 1/n for the n-th of n single values.
    public mutating func average(in value: Matrix, share: Float) {
        precondition(rows == value.rows && columns == value.columns && 0...1 ~= share)
        let count = self.count
        value.read { source in write { vk_running_mean($0, source, share, count) } }
    }

    /// `silu(self) × up`: the gate of a Llama MLP.
    public mutating func gateWithSiLU(_ up: Matrix) {
        precondition(rows == up.rows && columns == up.columns)
        up.read { source in
            nonisolated(unsafe) let source = source
            writeInShares { target, part in
                vk_silu_multiply(
                    target + part.lowerBound, source + part.lowerBound, part.count)
            }
        }
    }

    /// Replaces each number by its activation.
    public mutating func apply(_ activation: Activation) {
        writeInShares { target, part in
            switch activation {
            case .gelu: vk_gelu(target + part.lowerBound, part.count)
            case .quickGELU: vk_quick_gelu(target + part.lowerBound, part.count)
            case .relu6: vk_relu6(target + part.lowerBound, part.count)
            }
        }
    }

    /// Lends the numbers for writing, a part to each of several threads where there are many.
    private mutating func writeInShares(
        _ body: @Sendable (UnsafeMutablePointer<Float>, Range<Int>) -> Void
    ) {
        let count = self.count
        write { target in
            // Threads write to parts of their own.
            nonisolated(unsafe) let target = target
            ComputePool.shared.inShares(of: count, atLeast: Self.elementsAtOnce) {
                body(target, $0)
            }
        }
    }

    /// Elements that a thread takes at once: some ten microseconds of work.
    private static let elementsAtOnce = 32_768

    /// Where a row's largest number is, and by how much it exceeds the next.
    ///
    /// `nil` where the row is empty or one of its values is no number.
    public func largest(inRow row: Int) -> (column: Int, value: Float, gap: Float)? {
        precondition(row >= 0 && row < rows)
        guard columns > 0 else { return nil }
        var (best, first, second) = (0, Float.zero, Float.zero)
        let isOrdered = read { vk_top_two($0 + row * columns, columns, &best, &first, &second) }
        guard isOrdered == 1 else { return nil }
        return (best, first, first - second)
    }

    /// What softmax over a row makes of the number in a column: of logits, its probability.
    ///
    /// - Precondition: The row and the column are there.
    public func softmax(ofColumn column: Int, inRow row: Int) -> Float {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns)
        var shares = rows(row..<row + 1).values
        shares.withUnsafeMutableBufferPointer {
            guard let base = $0.baseAddress else { return }
            vk_softmax(base, 1, columns, columns, columns, 0, nil, 1)
        }
        return shares[column]
    }
}

/// A function applied to each number between two linear layers.
public enum Activation: Sendable {
    /// `x Φ(x)`, exact, through the error function.
    case gelu
    /// `x σ(1.702 x)`, what OpenAI's CLIP was trained with.
    case quickGELU
    /// `min(max(x, 0), 6)`, EfficientNet-Lite's.
    case relu6
}
