import Foundation
public import SystemPackage

/// Makes a whole CLIP of a vision tower's folder: projections and a text tower with random numbers.
public enum WholeCLIP {
    /// Numbers in an embedding; neither tower is as wide.
    public static let dimension = 20
    /// The text tower's shape.
    private static let (width, wide, layers, vocabulary, positions) = (32, 48, 2, 49_408, 77)

    /// The fixture whose tokenizer the text tower gets.
    public static let fixture = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("clip-oracle")
        .appending("tiny-clip")

    /// Adds what is missing to a folder with `config.json` and `model.safetensors`.
    ///
    /// - Parameters:
    ///   - folder: The vision tower's folder.
    ///   - pooledWidth: Numbers in a whole picture's features.
    ///   - seed: Of the numbers.
    /// - Throws: Errors of reading and writing the files.
    public static func complete(_ folder: FilePath, pooledWidth: Int, seed: UInt64 = 9) throws {
        var numbers = Numbers(generator: SeededGenerator(seed: seed))
        var tensors = [numbers.tensor("visual_projection.weight", [dimension, pooledWidth])]
        tensors.append(numbers.tensor("text_projection.weight", [dimension, width]))
        tensors += textTower(&numbers)
        try append(tensors, to: folder.appending("model.safetensors"))
        try setKeys(of: folder.appending("config.json"))
        for name in ["vocab.json", "merges.txt"] {
            try FileManager.default.copyItem(
                atPath: fixture.appending(name).string, toPath: folder.appending(name).string)
        }
    }

    private struct Tensor {
        let name: String
        let shape: [Int]
        let values: [Float]
    }

    private struct Numbers {
        var generator: SeededGenerator

        /// About as large as keeps what goes through a layer the size that it has.
        mutating func tensor(_ name: String, _ shape: [Int], around mean: Float = 0) -> Tensor {
            let spread = shape.count > 1 ? 1.7 / Float(shape[1]).squareRoot() : 0.1
            let values = (0..<shape.reduce(1, *)).map { _ in
                mean + Float.random(in: -spread...spread, using: &generator)
            }
            return Tensor(name: name, shape: shape, values: values)
        }

        mutating func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [Tensor] {
            [tensor("\(name).weight", [outputs, inputs]), tensor("\(name).bias", [outputs])]
        }

        mutating func norm(_ name: String, _ width: Int) -> [Tensor] {
            [tensor("\(name).weight", [width], around: 1), tensor("\(name).bias", [width])]
        }
    }

    private static func textTower(_ numbers: inout Numbers) -> [Tensor] {
        let embeddings = "text_model.embeddings"
        var tensors = [
            numbers.tensor("\(embeddings).token_embedding.weight", [vocabulary, width]),
            numbers.tensor("\(embeddings).position_embedding.weight", [positions, width]),
        ]
        for layer in 0..<layers {
            let key = "text_model.encoder.layers.\(layer)"
            for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                tensors += numbers.linear("\(key).self_attn.\(name)", width, width)
            }
            tensors += numbers.linear("\(key).mlp.fc1", wide, width)
            tensors += numbers.linear("\(key).mlp.fc2", width, wide)
            tensors += numbers.norm("\(key).layer_norm1", width)
            tensors += numbers.norm("\(key).layer_norm2", width)
        }
        return tensors + numbers.norm("text_model.final_layer_norm", width)
    }

    private static func setKeys(of path: FilePath) throws {
        let url = URL(filePath: path.string)
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        guard var values = object as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
        values["projection_dim"] = dimension
        values["text_config"] = [
            "hidden_size": width, "intermediate_size": wide, "num_hidden_layers": layers,
            "num_attention_heads": 4, "vocab_size": vocabulary,
            "max_position_embeddings": positions, "eos_token_id": 2,
        ]
        try JSONSerialization.data(withJSONObject: values).write(to: url)
    }

    /// Adds tensors in single precision to a safetensors file.
    private static func append(_ tensors: [Tensor], to path: FilePath) throws {
        let url = URL(filePath: path.string)
        let old = try Data(contentsOf: url)
        let length = old.prefix(8).enumerated().reduce(0) {
            $0 | Int($1.element) << (8 * $1.offset)
        }
        let object = try JSONSerialization.jsonObject(with: old[8..<8 + length])
        guard var header = object as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
        var body = Data(old[(8 + length)...])
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
        try FileManager.default.removeItem(at: url)
        try (count + json + body).write(to: url)
    }
}
