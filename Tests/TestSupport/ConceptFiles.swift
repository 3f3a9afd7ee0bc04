import Foundation
public import SystemPackage

/// Gives a checkpoint a concept head with random numbers: a few concepts that depend on each other.
public enum ConceptFiles {
    /// `concepts.json`.
    public static let list = """
        {"num_classes": 6, "hidden_size": 8, "sure": 0.6,
         "concepts": [
           {"words": ["person", "people"], "certainty": 0.5, "classes": []},
           {"words": ["dog"], "certainty": 0.4, "classes": [0, 1], "believed": true},
           {"words": ["duck"], "certainty": 0.4, "classes": [2]},
           {"words": ["bird"], "certainty": 0.3, "classes": [2, 3], "believed": true},
           {"words": ["animal"], "certainty": 0.5, "classes": []},
           {"words": ["clothing"], "certainty": 0.5, "unless": ["person"]},
           {"words": ["field"], "certainty": 0.5, "place": true},
           {"words": ["grass"], "certainty": 0.5, "place": true},
           {"words": ["drawing"], "certainty": 0.75, "only": true}],
         "general": [{"word": "animal", "of": ["dog", "duck", "bird"]}],
         "implied": [{"word": "bird", "by": ["duck"]},
                     {"word": "field", "by": ["grass"]}, {"word": "grass", "by": ["field"]}]}
        """
    /// Of the list.
    public static let (concepts, classes, hidden) = (9, 6, 8)

    /// Writes the list and the head's tensors.
    ///
    /// - Parameters:
    ///   - folder: The checkpoint's folder, whose `model.safetensors` gets the tensors.
    ///   - width: Numbers in the whole picture's features.
    ///   - classified: How many of them, from the first on, the classifier takes.
    ///   - seed: Of the numbers.
    /// - Returns: the tensors.
    /// - Throws: Errors of reading and writing the files.
    @discardableResult
    public static func add(
        to folder: FilePath, width: Int, classified: Int, seed: UInt64 = 5
    ) throws -> [RandomTensors.Tensor] {
        var numbers = RandomTensors(seed: seed)
        let key = "model.concept_head"
        let tensors =
            numbers.linear("\(key).classifier", classes, classified)
            + numbers.linear("\(key).straight", concepts, width)
            + numbers.linear("\(key).hidden", hidden, width + concepts)
            + [
                numbers.tensor("\(key).bent.weight", [concepts, hidden]),
                numbers.tensor("\(key).trust", [concepts], around: 0.5),
            ]
        try RandomTensors.append(tensors, to: folder.appending("model.safetensors"))
        try Data(list.utf8).write(to: URL(filePath: folder.appending("concepts.json").string))
        return tensors
    }
}
