package import ModelLoading

/// Which of a vision tower's features a model takes.
package enum FeatureSelection {
    /// What a LLaVA's `config.json` says: `mm_vision_select_layer` and `mm_vision_select_feature`.
    case configured(ConfigurationFile)
    /// The last layer's, without the class token's: of a CLIP that stands by itself.
    case last

    /// How many of a tower's layers run before the features are taken.
    ///
    /// `hidden_states[k]` is what k layers leave; a negative k counts from the end.
    func usedLayers(of layers: Int) throws(ModelError) -> Int {
        guard case .configured(let file) = self else { return layers }
        let selected = try file.integer(
            "mm_vision_select_layer", in: (-layers - 1)...layers, default: -2)
        return selected >= 0 ? selected : layers + 1 + selected
    }

    /// Whether the features begin with the class token's.
    func keepsClassToken() throws(ModelError) -> Bool {
        guard case .configured(let file) = self else { return false }
        switch try file.text("mm_vision_select_feature", default: "patch") {
        case "patch": return false
        case "cls_patch": return true
        case let other:
            throw file.wrong(
                "mm_vision_select_feature",
                "is '\(other.prefix(60))'; 'patch' and 'cls_patch' are known")
        }
    }

    /// Refuses a class token where the tower has none.
    func refuseClassToken() throws(ModelError) {
        guard case .configured(let file) = self else { return }
        let feature = try file.text("mm_vision_select_feature", default: "patch")
        guard feature == "patch" else {
            throw file.wrong(
                "mm_vision_select_feature",
                "is '\(feature.prefix(60))'; a tower of convolutions has 'patch' alone")
        }
    }
}
