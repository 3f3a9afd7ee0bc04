/// What a pass over a root left out, counted by reason; of bounded size.
public struct PassedOver: Codable, Equatable, Sendable {
    /// Why something was left out.
    public enum Reason: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
        /// A file whose extension is none of those that are described, or that has none.
        case fileExtension = "extension"
        /// A file or folder whose name begins with a dot.
        case hiddenName = "hidden"
        /// A name that other programs keep beside pictures, or that is still being written.
        case ignoredName = "ignored name"
        /// A file or folder that `.nomedia`, `.noimage`, `.novideo` or `.vignetteignore` names.
        case ignoreRule = "ignore rule"
        /// A symbolic link that leads out of every watched folder, or to a folder inside one.
        case unfollowedLink = "link not followed"
        /// A symbolic link that leads nowhere, or in a circle.
        case brokenLink = "broken link"
        /// A device, a socket or a pipe with the name of a picture.
        case specialFile = "special file"
    }

    /// Above so many different extensions the others are counted together.
    public static let maximumExtensions = 64

    /// How many were left out for each reason; a folder counts as one, whatever it holds.
    public private(set) var counts: [Reason: Int] = [:]
    /// How many files were left out for each extension, lower-case, without the dot; the empty text
    /// stands for files without one and for those beyond `maximumExtensions`.
    public private(set) var extensions: [String: Int] = [:]

    /// Counts nothing yet.
    public init() {}

    /// How many files and folders were left out altogether.
    public var total: Int {
        counts.values.reduce(0, +)
    }

    /// Counts one that was left out for another reason than its extension.
    public mutating func count(_ reason: Reason) {
        counts[reason, default: 0] += 1
    }

    /// Counts a file that was left out for its extension.
    ///
    /// - Parameter suffix: The extension without the dot, lower-case; empty if the file has none.
    public mutating func count(fileExtension suffix: String) {
        count(.fileExtension)
        let isKnown = extensions[suffix] != nil || extensions.count < Self.maximumExtensions
        extensions[isKnown ? suffix : "", default: 0] += 1
    }

    /// Adds what was counted elsewhere.
    public mutating func add(_ other: PassedOver) {
        for (reason, number) in other.counts { counts[reason, default: 0] += number }
        for (suffix, number) in other.extensions {
            let isKnown = extensions[suffix] != nil || extensions.count < Self.maximumExtensions
            extensions[isKnown ? suffix : "", default: 0] += number
        }
    }
}
