import Foundation
public import SystemPackage

/// A picture or clip with all that is said about it, as a line of an export.
///
/// Read by this and every later version; keys are only ever added.
public struct ExportedAsset: Codable, Equatable, Sendable {
    /// What tells the picture's content from every other, in hexadecimal digits.
    public var identity: String
    /// `still` or `video`.
    public var kind: String
    /// The format's name.
    public var format: String
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Length in seconds, of a clip.
    public var duration: Double?
    /// Whether it is what a sensor saw.
    public var raw: Bool?
    /// Whether its end is missing.
    public var incomplete: Bool?
    /// Where its files are.
    public var paths: [ExportedPath]
    /// When it was taken, in local time.
    public var takenAt: String?
    /// The camera.
    public var camera: String?
    /// Degrees north.
    public var latitude: Double?
    /// Degrees east.
    public var longitude: Double?
    /// Stars.
    public var rating: Int?
    /// All texts.
    public var texts: [ExportedText]
    /// All tags.
    public var tags: [ExportedTag]
    /// By what it was described, and when.
    public var described: [ExportedRecipe]
    /// What people changed, the oldest first.
    public var edits: [ExportedEdit]?
}

/// A path as text, or its bytes in Base64 where it is none.
public struct ExportedPath: Codable, Equatable, Sendable {
    /// The path.
    public var path: FilePath

    private enum CodingKeys: CodingKey { case base64 }

    init(_ path: FilePath) { self.path = path }

    /// Reads text, or an object with `base64`.
    public init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            path = FilePath(text)
            return
        }
        let bytes = try decoder.container(keyedBy: CodingKeys.self).decode(
            Data.self, forKey: .base64)
        path = PathBytes.path(bytes)
    }

    /// Writes text where the bytes are UTF-8, else an object with `base64`.
    public func encode(to encoder: any Encoder) throws {
        if let text = String(validating: path) {
            var container = encoder.singleValueContainer()
            return try container.encode(text)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        let bytes = path.withPlatformString { Data(bytes: $0, count: strlen($0)) }
        try container.encode(bytes, forKey: .base64)
    }
}

/// A text of an export.
public struct ExportedText: Codable, Equatable, Sendable {
    /// `human`, `sidecar` or `model`.
    public var source: String
    /// Of a model's, the place of its recipe in `described`.
    public var recipe: Int?
    /// What it answers, such as `caption`.
    public var prompt: String
    /// The text; a person's is empty where nothing is to be said.
    public var text: String
    /// Where the stretch of a clip begins that it speaks of, in seconds.
    public var start: Double?
    /// Where it ends.
    public var end: Double?
}

/// A tag of an export.
public struct ExportedTag: Codable, Equatable, Sendable {
    /// The tag in small letters.
    public var name: String
    /// How it is written, where that is not its name.
    public var written: String?
    /// `human`, `sidecar` or `model`.
    public var source: String
    /// Of a model's, the place of its recipe in `described`.
    public var recipe: Int?
    /// How likely the model held it, 0 … 1.
    public var probability: Double?
    /// Whether a person has removed it: of source `human`, that removal; of another, what it hides.
    public var removed: Bool?
}

/// By what something was described.
public struct ExportedRecipe: Codable, Equatable, Sendable {
    /// The model.
    public var model: String
    /// Its version.
    public var version: String
    /// The digest of what was asked, in hexadecimal digits.
    public var settings: String
    /// When, in seconds since 1970.
    public var at: Double?
}

/// A person's edit in an export.
public struct ExportedEdit: Codable, Equatable, Sendable {
    /// What tells it from every other.
    public var edit: String
    /// When, in seconds since 1970.
    public var at: Double
    /// Through what.
    public var origin: String
    /// By whom.
    public var author: String
    /// What it did.
    public var change: EditChange
    /// The edit that it took back.
    public var undoes: String?
}
