/// Vision tokens in time order, those of a long clip in a file and not in memory.
public struct TokenTrack: Equatable, Sendable {
    private let earlier: TokenFile?
    private let latest: [PictureDescription.Token]

    /// Wraps tokens in memory.
    public init(_ tokens: [PictureDescription.Token]) {
        self.init(earlier: nil, latest: tokens)
    }

    init(earlier: TokenFile?, latest: [PictureDescription.Token]) {
        self.earlier = earlier
        self.latest = latest
    }

    /// How many tokens there are.
    public var count: Int { (earlier?.count ?? 0) + latest.count }

    /// Numbers of a token; 0 where there is none.
    public var dimension: Int { earlier?.dimension ?? latest.first?.values.count ?? 0 }

    /// Hands out the tokens one by one, so that only one is in memory.
    ///
    /// - Throws: `TokenFileError`, and what `body` throws.
    public func forEach(_ body: (PictureDescription.Token) throws -> Void) throws {
        if let earlier {
            for index in 0..<earlier.count { try body(earlier.token(at: index)) }
        }
        for token in latest { try body(token) }
    }

    /// All tokens, in memory.
    ///
    /// - Throws: `TokenFileError`.
    public func all() throws -> [PictureDescription.Token] {
        var tokens: [PictureDescription.Token] = []
        try forEach { tokens.append($0) }
        return tokens
    }
}

/// Collects the tokens of a clip: the latest few in memory, the others in a file.
struct TokenRecorder {
    private var file: TokenFile?
    private var latest: [PictureDescription.Token] = []

    /// Numbers in memory: four megabytes.
    static let mostNumbers = 1 << 20

    /// How many tokens there are.
    var count: Int { (file?.count ?? 0) + latest.count }

    /// Numbers of the tokens that are not in the file.
    var numbersInMemory: Int { latest.reduce(0) { $0 + $1.values.count } }

    /// Adds the token of the next second.
    ///
    /// - Throws: `TokenFileError` where the file cannot be written.
    mutating func append(_ token: PictureDescription.Token) throws {
        latest.append(token)
        guard latest.count * token.values.count > Self.mostNumbers else { return }
        file = try file ?? TokenFile(dimension: token.values.count)
        try file?.append(latest)
        latest = []
    }

    /// What was collected; nothing can be added afterwards.
    consuming func finish() -> TokenTrack {
        TokenTrack(earlier: file, latest: latest)
    }
}
