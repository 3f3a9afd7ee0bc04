/// What a token of a sequence is, for looking at who attends to whom.
public enum TokenKind: String, CaseIterable, Codable, Sendable {
    /// The text around the picture: what the model is told it is, the question, the layout of the chat.
    case instruction
    /// A patch of the picture.
    case vision
    /// What a picture is compressed to.
    case compressed
    /// A word of the answer.
    case response
}
