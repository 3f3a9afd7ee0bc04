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
        var numbers = RandomTensors(seed: seed)
        var tensors = [numbers.tensor("visual_projection.weight", [dimension, pooledWidth])]
        tensors.append(numbers.tensor("text_projection.weight", [dimension, width]))
        tensors += textTower(&numbers)
        try RandomTensors.append(tensors, to: folder.appending("model.safetensors"))
        try setKeys(of: folder.appending("config.json"))
        for name in ["vocab.json", "merges.txt"] {
            try FileManager.default.copyItem(
                atPath: fixture.appending(name).string, toPath: folder.appending(name).string)
        }
    }

    private static func textTower(_ numbers: inout RandomTensors) -> [RandomTensors.Tensor] {
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
}
