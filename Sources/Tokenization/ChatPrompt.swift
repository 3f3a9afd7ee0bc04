/// The layout in which Llama 3.1 is asked about an image.
///
/// Rendered without a generation prompt, as in LLaVA-Mini's training: the model itself writes the
/// header of its answer, which `answer(_:)` takes off again.
public enum ChatPrompt {
    /// Stands in the ids where the image's tokens go.
    public static let imagePlaceholder = -200

    /// What the model was told it is.
    private static let instructions = """
        You are a helpful language and vision assistant. You are able to understand the visual \
        content that the user provides, and assist the user with a variety of tasks using natural \
        language.
        """

    private static let beforeImage = """
        <|begin_of_text|><|start_header_id|>system<|end_header_id|>

        Cutting Knowledge Date: December 2023
        Today Date: 26 Jul 2024

        \(instructions)<|eot_id|><|start_header_id|>user<|end_header_id|>


        """

    private static let afterQuestion = "<|eot_id|>"

    /// The prompt as text, for people to look at.
    public static func render(question: String) -> String {
        "\(beforeImage)<image>\(tail(question))\(afterQuestion)"
    }

    /// The prompt as ids, with `imagePlaceholder` in the image's place.
    ///
    /// The two parts around the image are encoded by themselves. The first has the begin-of-text
    /// token twice, the added one and the written one: so it was in training. Whatever the question
    /// says is text: `<|eot_id|>` or `<image>` in it neither ends the turn nor calls for an image.
    ///
    /// - Throws: `TokenizerError` where the tokenizer lacks a token of the layout.
    public static func encode(
        question: String, with tokenizer: Tokenizer
    ) throws(TokenizerError) -> [Int] {
        try requireLayoutTokens(of: tokenizer)
        return try tokenizer.encode(beforeImage, addingBeginOfText: true)
            + [imagePlaceholder]
            + tokenizer.encode(
                tail(question), addingBeginOfText: false, matchingSpecialTokens: false)
            + tokenizer.encode(afterQuestion, addingBeginOfText: false)
    }

    /// Which of the prompt's ids are the question's own.
    ///
    /// - Throws: `TokenizerError` where the tokenizer lacks a token of the layout.
    public static func questionRange(
        _ question: String, with tokenizer: Tokenizer
    ) throws(TokenizerError) -> Range<Int> {
        let first = try encode(question: question, with: tokenizer).firstIndex(of: imagePlaceholder)
        let count = try tokenizer.encode(
            tail(question), addingBeginOfText: false, matchingSpecialTokens: false
        ).count
        return (first ?? -1) + 1..<(first ?? -1) + 1 + count
    }

    /// What follows the image: Llama's template trims the message that "<image>\nQUESTION" is.
    private static func tail(_ question: String) -> String {
        let message = Array("\n\(question)".unicodeScalars)
        let end = message.lastIndex { !isTrimmed($0) }
        var tail = String.UnicodeScalarView()
        tail.append(contentsOf: message[..<(end.map { $0 + 1 } ?? 0)])
        return String(tail)
    }

    /// White space as Python's `str.strip` has it, which the template's `trim` is.
    private static func isTrimmed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(scalar)
    }
}
