/// Text as the catalogue stores it.
enum StoredText {
    /// The text without zero characters, at which SQLite would end it, and without space around it.
    static func clean(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text.trimming(while: \.isWhitespace) }
        let scalars = text.unicodeScalars.filter { $0.value != 0 }
        return String(String.UnicodeScalarView(scalars)).trimming(while: \.isWhitespace)
    }
}

extension String {
    fileprivate func trimming(while isPadding: (Character) -> Bool) -> String {
        guard let start = first, let end = last, isPadding(start) || isPadding(end) else {
            return self
        }
        let tail = drop(while: isPadding)
        guard let last = tail.lastIndex(where: { !isPadding($0) }) else { return "" }
        return String(tail[...last])
    }
}
