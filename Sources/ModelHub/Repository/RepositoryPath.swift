public import SystemPackage

/// The path of a file within a repository, safe to be joined to a folder of this machine.
///
/// Names come from a server. One that climbs out of the folder, or that this system or a later one
/// would read as something else than a name, is refused rather than repaired.
public struct RepositoryPath: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The components, parted by `/`.
    public let description: String

    static let maximumByteCount = 1024

    /// Checks a name; nil where it is no safe relative path.
    public init?(_ text: String) {
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumByteCount, components.count <= 16,
            components.allSatisfy({ Self.isPlainComponent(String($0)) })
        else { return nil }
        description = text
    }

    /// The last component.
    public var name: String { String(description.split(separator: "/").last ?? "") }

    /// The folder that holds it within the repository; empty for the top.
    var parent: String { description.split(separator: "/").dropLast().joined(separator: "/") }

    /// The path below a folder.
    public func path(in folder: FilePath) -> FilePath { folder.pushing(FilePath(description)) }

    /// The same file below a folder of the repository.
    func moved(below folder: String) -> RepositoryPath? {
        folder.isEmpty ? self : RepositoryPath("\(folder)/\(description)")
    }

    /// Orders by text.
    public static func < (first: RepositoryPath, second: RepositoryPath) -> Bool {
        first.description < second.description
    }

    /// Whether a text is one component of a path and nothing else on any system: not `.` or `..`, no
    /// separator of any system, no control character, no name that a device has elsewhere.
    static func isPlainComponent(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255, text != ".", text != "..",
            !text.hasSuffix(" "), !text.hasSuffix(".")
        else { return false }
        let hasForbidden = text.unicodeScalars.contains {
            $0.value < 32 || $0.value == 127 || "/\\:*?\"<>|".unicodeScalars.contains($0)
                || $0.properties.generalCategory == .control
                || $0.properties.generalCategory == .format
        }
        let stem = text.split(separator: ".", maxSplits: 1)[0].uppercased()
        return !hasForbidden && !reserved.contains(stem)
    }

    /// Names that mean devices where such a folder may be copied to or shared with.
    private static let reserved: Set<String> = {
        let numbered = (0...9).flatMap { ["COM\($0)", "LPT\($0)"] }
        return Set(["CON", "PRN", "AUX", "NUL"] + numbered)
    }()
}
