import CKernels

extension Matrix {
    /// Adds element by element.
    ///
    /// - Precondition: the shapes are the same.
    public static func += (left: inout Matrix, right: Matrix) {
        precondition(left.rows == right.rows && left.columns == right.columns)
        let count = left.count
        right.read { source in left.write { vk_add($0, source, count) } }
    }

    /// Moves a running mean towards its next value; `self` is the mean of those before it.
    ///
    /// - Parameters:
    ///   - value: The next value, of the same shape.
    ///   - number: Which value it is, from 1.
    public mutating func average(in value: Matrix, number: Int) {
        precondition(rows == value.rows && columns == value.columns && number > 0)
        let (count, share) = (self.count, 1 / Float(number))
        value.read { source in write { vk_running_mean($0, source, share, count) } }
    }

    /// `silu(self) × up`: the gate of a Llama MLP.
    public mutating func gateWithSiLU(_ up: Matrix) {
        precondition(rows == up.rows && columns == up.columns)
        let count = self.count
        up.read { source in write { vk_silu_multiply($0, source, count) } }
    }

    /// Replaces each number by its activation.
    public mutating func apply(_ activation: Activation) {
        let count = self.count
        switch activation {
        case .gelu: write { vk_gelu($0, count) }
        case .quickGELU: write { vk_quick_gelu($0, count) }
        }
    }

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
}

/// A function applied to each number between two linear layers.
public enum Activation: Sendable {
    /// `x Φ(x)`, exact, through the error function.
    case gelu
    /// `x σ(1.702 x)`, what OpenAI's CLIP was trained with.
    case quickGELU
}
