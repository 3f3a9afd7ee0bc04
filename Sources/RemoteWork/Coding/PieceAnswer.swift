public import WorkQueue

/// What a worker made of a piece, on its way to the daemon.
///
/// Whoever may answer may write any bytes: reading checks form, sizes and bounds of every part.
public struct PieceAnswer: Equatable, Sendable {
    /// The texts; none for embeddings.
    public var texts: [ModelText]
    /// The tags.
    public var tags: [ModelTag]
    /// The vision tokens.
    public var tokens: [VisionToken]
    /// What the picture, or each second of the clip, is found by.
    public var embeddings: [StoredEmbedding]
    /// What tells these embeddings from those of another model; empty where there are none.
    public var embeddingVersion: String

    /// Builds an answer from its parts.
    public init(
        texts: [ModelText] = [], tags: [ModelTag] = [], tokens: [VisionToken] = [],
        embeddings: [StoredEmbedding] = [], embeddingVersion: String = ""
    ) {
        self.texts = texts
        self.tags = tags
        self.tokens = tokens
        self.embeddings = embeddings
        self.embeddingVersion = embeddingVersion
    }

    private static let format: UInt8 = 1
    private static let mostTexts = 500
    private static let mostTextBytes = 16_384
    private static let mostTags = 200
    private static let mostTagBytes = 256
    private static let mostVectors = 20_000
    private static let mostElements = 65_536
    private static let mostDimension = 16_384
    private static let mostSeconds = 1e9
    /// The largest number that 16 bits of a float hold.
    private static let mostElement: Float = 65_504

    /// The bytes in which it is sent.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.add(Self.format)
        writer.add(count: texts.count)
        for text in texts {
            writer.add(text.prompt)
            writer.add(text.text)
            writer.add(text.span?.start)
            writer.add(text.span?.end ?? 0)
        }
        writer.add(count: tags.count)
        for tag in tags {
            writer.add(tag.name)
            writer.add(tag.probability)
        }
        writer.add(count: tokens.count)
        for token in tokens {
            writer.add(token.second)
            writer.add(floats: token.elements)
        }
        writer.add(embeddingVersion)
        writer.add(count: embeddings.count)
        for embedding in embeddings {
            writer.add(embedding.second.map(Double.init))
            writer.add(embedding.scale)
            writer.add(counted: embedding.values.map { UInt8(bitPattern: $0) })
        }
        return writer.bytes
    }

    /// Reads what somebody answered.
    ///
    /// - Throws: `BadBytes`.
    public init(_ bytes: [UInt8]) throws(BadBytes) {
        guard bytes.count <= QueueSchema.mostAnswerBytes else { throw BadBytes("it is too large") }
        var reader = ByteReader(bytes)
        guard try reader.number(UInt8.self) == Self.format else {
            throw BadBytes("its format is unknown")
        }
        self.init()
        for _ in 0..<(try reader.count(0...Self.mostTexts, each: 17)) {
            texts.append(try Self.text(&reader))
        }
        for _ in 0..<(try reader.count(0...Self.mostTags, each: 5)) {
            let name = try reader.text(atMost: Self.mostTagBytes)
            tags.append(ModelTag(name, probability: try reader.optionalDouble(0...1)))
        }
        for _ in 0..<(try reader.count(0...Self.mostVectors, each: 5)) {
            let second = try reader.optionalDouble(0...Self.mostSeconds)
            tokens.append(
                VisionToken(
                    second: second,
                    elements: try reader.floats(1...Self.mostElements, atMost: Self.mostElement)))
        }
        embeddingVersion = try reader.text(atMost: Self.mostTagBytes)
        for _ in 0..<(try reader.count(0...Self.mostVectors, each: 9)) {
            embeddings.append(try Self.embedding(&reader))
        }
        try reader.finish()
    }

    private static func text(_ reader: inout ByteReader) throws(BadBytes) -> ModelText {
        let prompt = try reader.text(atMost: mostTagBytes)
        guard prompt == "caption" || prompt == ModelText.originalCaption else {
            throw BadBytes("it answers a question that nobody asked")
        }
        let text = try reader.text(atMost: mostTextBytes)
        let start = try reader.optionalDouble(0...mostSeconds)
        let end = try reader.double(0...mostSeconds)
        if let start, end < start { throw BadBytes("a span ends before it starts") }
        return ModelText(
            prompt: prompt, text: text, span: start.map { ClipSpan(start: $0, end: end) })
    }

    private static func embedding(_ reader: inout ByteReader) throws(BadBytes) -> StoredEmbedding {
        let second = try reader.optionalDouble(0...mostSeconds).map { Int32($0) }
        let scale = Float(bitPattern: try reader.number(UInt32.self))
        guard scale.isFinite, scale >= 0, scale <= mostElement else {
            throw BadBytes("a number is out of bounds")
        }
        let values = try reader.block(1...mostDimension).map { Int8(bitPattern: $0) }
        return StoredEmbedding(second: second, values: values, scale: scale)
    }

    /// Holds that it is an answer to what was asked.
    ///
    /// - Parameters:
    ///   - kind: What was wanted.
    ///   - isClip: Of a clip, whose parts tell their seconds, each once and in order.
    ///   - dimension: How long embeddings of the recipe are, where that is known.
    /// - Throws: `BadBytes`.
    public func check(_ kind: WorkKind, isClip: Bool, dimension: Int?) throws(BadBytes) {
        switch kind {
        case .describe:
            guard texts.contains(where: { $0.prompt == "caption" && $0.span == nil }) else {
                throw BadBytes("it has no caption")
            }
            guard !tokens.isEmpty else { throw BadBytes("it has no vision token") }
        case .embed:
            guard !embeddings.isEmpty else { throw BadBytes("it has no embedding") }
            guard texts.isEmpty, tags.isEmpty, tokens.isEmpty else {
                throw BadBytes("it has texts where none was asked for")
            }
        }
        let length = tokens.first?.elements.count
        guard tokens.allSatisfy({ $0.elements.count == length }) else {
            throw BadBytes("its tokens differ in length")
        }
        let width = dimension ?? embeddings.first?.values.count
        guard embeddings.allSatisfy({ $0.values.count == width }) else {
            throw BadBytes("its embeddings are not of the recipe's length")
        }
        try Self.check(seconds: tokens.map(\.second), isClip: isClip)
        try Self.check(seconds: embeddings.map { $0.second.map(Double.init) }, isClip: isClip)
        guard isClip || texts.allSatisfy({ $0.span == nil }) else {
            throw BadBytes("it has spans of a picture")
        }
    }

    private static func check(seconds: [Double?], isClip: Bool) throws(BadBytes) {
        guard isClip else {
            guard seconds.count <= 1, seconds.allSatisfy({ $0 == nil }) else {
                throw BadBytes("it has seconds of a picture")
            }
            return
        }
        let told = seconds.compactMap(\.self)
        guard told.count == seconds.count, zip(told, told.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw BadBytes("its seconds are not in order")
        }
    }
}
