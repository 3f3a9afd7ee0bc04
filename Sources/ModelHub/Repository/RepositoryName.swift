/// A repository of the hub at one revision: `OWNER/NAME@REVISION`.
public struct RepositoryName: Hashable, Sendable, CustomStringConvertible {
    /// The account.
    public let owner: String
    /// The repository's own name.
    public let name: String
    /// A branch, a tag or a commit.
    public let revision: String

    /// The released checkpoint.
    public static let released = RepositoryName(
        owner: "ICTNLP", name: "llava-mini-llama-3.1-8b", revision: "main")

    /// The CLIP whose vision tower the released checkpoint looks through.
    public static let releasedTower = RepositoryName(
        owner: "openai", name: "clip-vit-large-patch14-336", revision: "main")

    private init(owner: String, name: String, revision: String) {
        (self.owner, self.name, self.revision) = (owner, name, revision)
    }

    /// Reads `OWNER/NAME` or `OWNER/NAME@REVISION`; nil where it is neither.
    public init?(_ text: String) {
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let names = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        let revision = halves.count == 2 ? String(halves[1]) : "main"
        guard names.count == 2, names.allSatisfy(Self.isName), Self.isRevision(revision) else {
            return nil
        }
        self.init(owner: String(names[0]), name: String(names[1]), revision: revision)
    }

    /// `OWNER/NAME`, without the revision.
    public var repository: String { "\(owner)/\(name)" }

    /// As it is written on the command line.
    public var description: String {
        revision == "main" ? repository : "\(repository)@\(revision)"
    }

    /// The hub's own rule for names; one that passes is a plain name of a folder as well.
    private static func isName(_ text: Substring) -> Bool {
        (1...96).contains(text.utf8.count) && !text.contains("..") && !text.contains("--")
            && text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]*/) != nil
            && RepositoryPath.isPlainComponent(String(text))
    }

    private static func isRevision(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && !text.contains("..")
            && text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._\/-]*/) != nil
    }
}

/// The full name of a commit: 40 hexadecimal digits.
struct CommitName: Hashable, Sendable, CustomStringConvertible {
    let description: String

    init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40, text.utf8.allSatisfy(\.isLowercaseHexadecimal) else {
            return nil
        }
        description = String(text)
    }
}

extension UInt8 {
    /// Whether it is a digit of a digest as the hub writes it.
    var isLowercaseHexadecimal: Bool { (48...57).contains(self) || (97...102).contains(self) }
}
