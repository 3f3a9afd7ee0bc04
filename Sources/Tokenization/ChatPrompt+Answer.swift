extension ChatPrompt {
    private static let header = ["<|start_header_id|>", "assistant", "<|end_header_id|>", "\n\n"]

    /// The header that the model writes before its answer; empty where the tokenizer cannot say it.
    public static func assistantHeader(_ tokenizer: Tokenizer) -> [Int] {
        guard (try? requireLayoutTokens(of: tokenizer)) != nil else { return [] }
        return (try? tokenizer.encode(header.joined(), addingBeginOfText: false)) ?? []
    }

    /// The model's answer without the assistant's header before it.
    ///
    /// - Parameters:
    ///   - ids: What the model generated.
    ///   - tokenizer: The model's.
    /// - Returns: The ids behind the header; all of them where there is none.
    public static func withoutAssistantHeader(_ ids: [Int], _ tokenizer: Tokenizer) -> [Int] {
        guard let start = tokenizer.id(of: header[0]), let end = tokenizer.id(of: header[2]),
            ids.first == start, let close = ids.firstIndex(of: end)
        else { return ids }
        let role = tokenizer.decode(Array(ids[1..<close]), skippingSpecialTokens: true)
        guard role == header[1] else { return ids }
        return Array(ids[(close + 1)...])
    }

    /// The model's answer as text, without the assistant's header and the line breaks behind it.
    ///
    /// - Parameter text: Decoded with special tokens left out, so that of the header
    ///   "assistant" and the line breaks are left.
    /// - Returns: The answer; text that does not begin with a header is returned as it is.
    public static func withoutAssistantHeader(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let prefix = (header[1] + header[3]).unicodeScalars
        guard scalars.starts(with: prefix) else { return text }
        return String(scalars.dropFirst(prefix.count))
    }

    /// Makes sure that the tokenizer has the layout's tokens, so that they do not become text.
    static func requireLayoutTokens(of tokenizer: Tokenizer) throws(TokenizerError) {
        for token in ["<|begin_of_text|>", header[0], header[2], "<|eot_id|>"]
        where tokenizer.id(of: token) == nil {
            throw tokenizer.error("lacks the token \(token) of Llama 3.1's chat layout")
        }
    }
}
