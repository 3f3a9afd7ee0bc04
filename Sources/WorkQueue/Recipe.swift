/// The model and the settings that make a result.
public struct Recipe: Hashable, Sendable {
    /// The model's name.
    public var model: String
    /// The model's version.
    public var version: String
    /// A digest of prompts and settings: equal digests, equal words.
    public var settings: [UInt8]

    /// Builds a recipe from its parts.
    public init(model: String, version: String, settings: [UInt8]) {
        self.model = model
        self.version = version
        self.settings = settings
    }
}
