import Tensor

/// How far numbers that were packed and unpacked are from what they were.
///
/// Errors are measured against the largest magnitude of the 256 inputs that share a scale, since that
/// is what the format's steps are fractions of.
struct Deviation: Equatable {
    /// Inputs that share a scale.
    static let blockLength = 256

    /// The largest error of a number, as a share of its block's largest magnitude.
    private(set) var largest: Float = 0
    /// The largest root mean square error of a block, as a share of its largest magnitude.
    private(set) var largestOfBlocks: Float = 0
    /// Sums of squares, over all numbers.
    private(set) var squaredErrors = 0.0
    private(set) var squaredNumbers = 0.0
    /// Whether all numbers were numbers, before and after.
    private(set) var isFinite = true

    init() {}

    /// Compares rows [rows, inputs] with what became of them.
    init(of restored: [Float], from original: [Float], inputs: Int) {
        precondition(restored.count == original.count)
        restored.withUnsafeBufferPointer { restored in
            original.withUnsafeBufferPointer { original in
                for row in stride(from: 0, to: original.count, by: max(inputs, 1)) {
                    for start in stride(from: row, to: row + inputs, by: Self.blockLength) {
                        add(restored, original, start..<min(start + Self.blockLength, row + inputs))
                    }
                }
            }
        }
    }

    private mutating func add(
        _ restored: UnsafeBufferPointer<Float>, _ original: UnsafeBufferPointer<Float>,
        _ block: Range<Int>
    ) {
        var (top, worst): (Float, Float) = (0, 0)
        var (errors, numbers): (Float, Float) = (0, 0)
        for index in block {
            let number = original[index]
            let error = restored[index] - number
            top = max(top, abs(number))
            worst = max(worst, abs(error))
            errors += error * error
            numbers += number * number
        }
        // The sums are infinite, or no numbers, where any number is; the largest may overlook it.
        guard errors.isFinite, top.isFinite, !numbers.isNaN else { return isFinite = false }
        squaredErrors += Double(errors)
        squaredNumbers += Double(numbers)
        guard top > 0 else {
            if worst > 0 { (largest, largestOfBlocks) = (.infinity, .infinity) }
            return
        }
        largest = max(largest, worst / top)
        largestOfBlocks = max(largestOfBlocks, (errors / Float(block.count)).squareRoot() / top)
    }

    /// Takes in what another part of the numbers deviates by.
    mutating func merge(_ other: Deviation) {
        largest = max(largest, other.largest)
        largestOfBlocks = max(largestOfBlocks, other.largestOfBlocks)
        squaredErrors += other.squaredErrors
        squaredNumbers += other.squaredNumbers
        isFinite = isFinite && other.isFinite
    }

    /// The root mean square error over all numbers, as a share of their root mean square.
    var relative: Double {
        squaredNumbers > 0 ? (squaredErrors / squaredNumbers).squareRoot() : 0
    }
}

extension PackedFormat {
    /// What `Deviation.largestOfBlocks` stays below whatever the numbers.
    ///
    /// A scale is the largest magnitude over 127, rounded up to a bfloat16. At 8 bits a number is half
    /// a scale off at most. At 4 bits the step is at most 16 scales; a step and a zero point that
    /// cover the group's range are among those that are tried, and no number is then further off
    /// than a whole step. At 16 bits the second 8 stand for what the first leave over.
    var errorBound: Float {
        let scale: Float = (1 + 1 / 128) / 127
        switch self {
        case .q8: return 0.501 * scale
        case .q16: return 0.501 * scale * 0.502 * scale
        case .q4: return 16 * scale
        }
    }
}
