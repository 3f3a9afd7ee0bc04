public import Captioning
public import WorkQueue

extension Captioner {
    /// What this captioner's descriptions are made by: model and questions.
    public var recipe: Recipe {
        let identity = identity
        return Recipe(
            model: identity.name, version: identity.version, settings: settingsDigest)
    }
}
