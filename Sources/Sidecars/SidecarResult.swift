public import Catalogue
import MediaDecoding
public import SystemPackage

/// What became of a picture's sidecar.
public struct SidecarResult: Equatable, Sendable {
    /// What was done, or would be.
    public enum Outcome: Equatable, Sendable {
        /// It says already what it should.
        case upToDate
        /// It was written.
        case written(isNew: Bool)
        /// It could not be; the text completes "FILE: …".
        case failed(String)
    }

    /// A field as it is and as it becomes.
    public struct Change: Equatable, Sendable {
        /// Its name: `caption`, `title`, `alternative text`, `tags`.
        public var field: String
        /// What it says, `nil` for nothing.
        ///
        /// Of tags, one that is taken out.
        public var before: String?
        /// What it will say, `nil` for nothing.
        ///
        /// Of tags, one that is added.
        public var after: String?
    }

    /// The picture.
    public var picture: FilePath
    /// The sidecar, as far as it is known which.
    public var sidecar: FilePath?
    /// What was done.
    public var outcome: Outcome
    /// What is different.
    public var changes: [Change] = []
    /// Where people disagree.
    public var conflicts: [SidecarConflict] = []
}

extension SidecarMerge {
    /// What it does, field by field.
    var changes: [SidecarResult.Change] {
        let texts: [(String, SidecarEdit.Text?)] = [
            ("caption", edit.caption), ("title", edit.title),
            ("alternative text", edit.alternativeText),
        ]
        return texts.compactMap { field, change in
            change.map { .init(field: field, before: $0.former, after: $0.text) }
        }
            + edit.removedTags.map {
                .init(field: "tags", before: $0.joined(separator: "/"), after: nil)
            }
            + edit.addedTags.map {
                .init(field: "tags", before: nil, after: $0.joined(separator: "/"))
            }
    }
}
