import Foundation
public import SystemPackage

/// Makes tensors of random numbers, and adds them to a checkpoint's file.
public struct RandomTensors {
    /// Numbers in single precision, row by row.
    public struct Tensor {
        /// Its key.
        public let name: String
        /// Outermost first.
        public let shape: [Int]
        /// As many as the shape has.
        public let values: [Float]

        /// Puts one together.
        public init(name: String, shape: [Int], values: [Float]) {
            (self.name, self.shape, self.values) = (name, shape, values)
        }
    }

    private var generator: SeededGenerator

    /// Begins a series.
    public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// About as large as keeps what goes through a layer the size that it has.
    public mutating func tensor(
        _ name: String, _ shape: [Int], around mean: Float = 0
    ) -> Tensor {
        let spread = shape.count > 1 ? 1.7 / Float(shape[1]).squareRoot() : 0.1
        let values = (0..<shape.reduce(1, *)).map { _ in
            mean + Float.random(in: -spread...spread, using: &generator)
        }
        return Tensor(name: name, shape: shape, values: values)
    }

    /// A linear layer's weight and bias.
    public mutating func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [Tensor] {
        [tensor("\(name).weight", [outputs, inputs]), tensor("\(name).bias", [outputs])]
    }

    /// A normalisation's weight and bias.
    public mutating func norm(_ name: String, _ width: Int) -> [Tensor] {
        [tensor("\(name).weight", [width], around: 1), tensor("\(name).bias", [width])]
    }

    /// Adds tensors in single precision to a safetensors file, or begins one with them.
    ///
    /// - Throws: Errors of reading and writing the file.
    public static func append(_ tensors: [Tensor], to path: FilePath) throws {
        let url = URL(filePath: path.string)
        var (header, body): ([String: Any], Data) = ([:], Data())
        if FileManager.default.fileExists(atPath: path.string) {
            (header, body) = try read(try Data(contentsOf: url))
            try FileManager.default.removeItem(at: url)
        }
        // Numbers of two bytes before may have left an odd place, which the format allows.
        for tensor in tensors {
            let start = body.count
            tensor.values.withUnsafeBytes { body.append(contentsOf: $0) }
            header[tensor.name] = [
                "dtype": "F32", "shape": tensor.shape, "data_offsets": [start, body.count],
            ]
        }
        let json = try JSONSerialization.data(withJSONObject: header)
        let count = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        try (count + json + body).write(to: url)
    }

    private static func read(_ old: Data) throws -> ([String: Any], Data) {
        let length = old.prefix(8).enumerated().reduce(0) {
            $0 | Int($1.element) << (8 * $1.offset)
        }
        let object = try JSONSerialization.jsonObject(with: old[8..<8 + length])
        guard let header = object as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
        return (header, Data(old[(8 + length)...]))
    }
}
