import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Every instruction set against the portable one.
@Suite struct KernelLevelTests {
    private static let sizes = [
        (1, 1, 1), (1, 256, 16), (1, 257, 33), (2, 31, 5), (3, 64, 17), (5, 600, 40), (8, 255, 48),
        (9, 32, 16), (11, 512, 31), (16, 33, 65), (24, 1000, 7), (64, 320, 100),
        (261, 290, 20),
    ]
    private static let fast = kernelLevels.filter { $0 != VK_PORTABLE }

    @Test(arguments: fast)
    func quantisesTheSame(level: vk_level) {
        var generator = SeededGenerator(seed: 1)
        for (rows, inputs, _) in Self.sizes {
            let x = Matrix.random(rows, inputs, using: &generator)
            let expected = with(level: VK_PORTABLE) { Bytes(QuantisedRows(x)) }
            #expect(with(level: level) { Bytes(QuantisedRows(x)) } == expected, "\(rows)×\(inputs)")
        }
    }

    @Test(arguments: fast, PackedFormat.allCases)
    func multipliesTheSame(level: vk_level, format: PackedFormat) throws {
        var generator = SeededGenerator(seed: 2)
        for (rows, inputs, outputs) in Self.sizes {
            let x = Matrix.random(rows, inputs, using: &generator)
            let weights = Matrix.random(outputs, inputs, using: &generator)
            let linear = try Linear(packing: weights, as: format)
            let expected = with(level: VK_PORTABLE) { linear(x).values.map(Double.init) }
            let bound = roundingBound(depth: inputs, magnitude: x.norm)
            #expect(
                with(level: level) { linear(x) }.distance(to: expected) < bound,
                "\(rows)×\(inputs)×\(outputs)")
        }
    }

    /// Which processors' way of reading weights ahead is taken changes no number.
    @Test(arguments: fast, PackedFormat.allCases)
    func multipliesTheSameFromEitherCache(level: vk_level, format: PackedFormat) throws {
        defer { vk_force_first_cache(-1) }
        var generator = SeededGenerator(seed: 7)
        for (rows, inputs, outputs) in Self.sizes {
            let x = Matrix.random(rows, inputs, using: &generator)
            let linear = try Linear(
                packing: Matrix.random(outputs, inputs, using: &generator), as: format)
            let bound = roundingBound(depth: inputs, magnitude: x.norm)
            let expected = with(level: VK_PORTABLE) { linear(x).values.map(Double.init) }
            for fills in [Int32(0), 1] {
                vk_force_first_cache(fills)
                #expect(
                    with(level: level) { linear(x) }.distance(to: expected) < bound,
                    "\(fills): \(rows)×\(inputs)×\(outputs)")
            }
        }
    }

    /// Rows that one instruction set quantised may be multiplied by another.
    @Test(arguments: kernelLevels, kernelLevels)
    func takesTheRowsOfAnyOther(quantising: vk_level, multiplying: vk_level) throws {
        var generator = SeededGenerator(seed: 5)
        for rows in [1, 2, 3, 9, 20] {
            let x = Matrix.random(rows, 300, using: &generator)
            let matrix = Matrix.random(20, 300, using: &generator)
            let weights = PackedWeights(
                try Weights(packing: matrix, as: .q4), format: .q4, outputs: 20, inputs: 300)
            func product(_ first: vk_level, _ second: vk_level) -> Matrix {
                let prepared = PreparedRows(x)
                with(level: first) { _ = prepared.quantised }
                var y = Matrix(rows: rows, columns: 20)
                with(level: second) { weights.multiply(prepared, into: &y, adds: false) }
                return y
            }
            let expected = product(VK_PORTABLE, VK_PORTABLE).values.map(Double.init)
            let bound = roundingBound(depth: 300, magnitude: x.norm)
            #expect(product(quantising, multiplying).distance(to: expected) < bound)
        }
    }

    /// Sums are as large as they can be: nothing saturates.
    @Test(arguments: fast, PackedFormat.allCases)
    func addsTheLargestNumbers(level: vk_level, format: PackedFormat) throws {
        let inputs = 512
        let signs: [(Int) -> Float] = [
            { _ in 1 }, { _ in -1 }, { $0 % 2 == 0 ? 1 : -1 }, { $0 % 64 < 32 ? 1 : -1 },
            { $0 % 64 < 32 ? 1 : 1e-3 }, { $0 % 8 < 4 ? 1 : 0 },
        ]
        let values = signs.flatMap { (0..<inputs).map($0) }
        let x = Matrix(rows: signs.count, columns: inputs, values: values)
        let linear = try Linear(packing: x, as: format)
        let expected = with(level: VK_PORTABLE) { linear(x).values.map(Double.init) }
        #expect(
            with(level: level) { linear(x) }.distance(to: expected)
                < roundingBound(depth: inputs, magnitude: x.norm))
    }

    /// What is no number must not become one.
    @Test(arguments: kernelLevels, [Float.nan, .infinity, -.infinity])
    func keepsWhatIsNoNumber(level: vk_level, strange: Float) throws {
        var generator = SeededGenerator(seed: 3)
        var values = Matrix.random(9, 300, using: &generator).values
        values[4 * 300 + 270] = strange
        let linear = try Linear(packing: Matrix.random(20, 300, using: &generator), as: .q4)
        let y = with(level: level) { linear(Matrix(rows: 9, columns: 300, values: values)) }
        for row in 0..<9 {
            for column in 0..<20 { #expect(y[row, column].isFinite == (row != 4)) }
        }
    }

    /// More rows than are attended to one by one, of every remainder by rows whose sums stay in registers.
    @Test(arguments: fast)
    func attendsTheSameToManyRows(level: vk_level) {
        var generator = SeededGenerator(seed: 6)
        for (rows, width) in [(5, 7), (13, 33), (40, 64)] + (24...36).map({ ($0, 8) }) {
            let x = Matrix.random(rows, 2 * width, using: &generator)
            let attention = MultiHeadAttention(heads: 2, keyValueHeads: 2, headWidth: width)
            let keys = [KeyValues(keys: x, values: x)]
            let expected = with(level: VK_PORTABLE) { attention(x, over: keys, mask: .causal) }
            let result = with(level: level) { attention(x, over: keys, mask: .causal) }
            #expect(
                result.distance(to: expected.values.map(Double.init)) < 4e-6, "\(rows)×\(width)")
        }
    }

    @Test(arguments: fast)
    func computesElementsTheSame(level: vk_level) {
        var generator = SeededGenerator(seed: 4)
        for count in [1, 15, 16, 17, 64, 1000] {
            let x = Matrix.random(3, count, using: &generator)
            for element in ElementLoop.allCases {
                let expected = with(level: VK_PORTABLE) { element.apply(to: x) }
                let result = with(level: level) { element.apply(to: x) }
                #expect(
                    result.distance(to: expected.values.map(Double.init)) < 4e-6,
                    "\(element), \(count)")
            }
        }
    }
}

/// The row and element loops, as functions of one matrix.
private enum ElementLoop: CaseIterable {
    case add, silu, gelu, quickGELU, attend

    func apply(to x: Matrix) -> Matrix {
        var y = x
        switch self {
        case .add: y += x
        case .silu: y.gateWithSiLU(x)
        case .gelu: y.apply(.gelu)
        case .quickGELU: y.apply(.quickGELU)
        case .attend:
            let attention = MultiHeadAttention(heads: 1, keyValueHeads: 1, headWidth: x.columns)
            y = attention(x.rows(0..<1), over: [KeyValues(keys: x, values: x)], mask: .none)
        }
        return y
    }
}

/// What quantised rows hold.
private struct Bytes: Equatable {
    let values: [Int8]
    let scales: [Float]
    let offsets: [Int32]

    init(_ rows: QuantisedRows) {
        let kernel = rows.kernelRows
        let blocks = rows.rows * vk_blocks(rows.inputs)
        values = Array(
            UnsafeBufferPointer(start: kernel.values, count: rows.rows * vk_padded(rows.inputs)))
        scales = Array(UnsafeBufferPointer(start: kernel.scales, count: blocks))
        offsets = Array(UnsafeBufferPointer(start: kernel.offsets, count: blocks))
        withExtendedLifetime(rows) {}
    }
}
