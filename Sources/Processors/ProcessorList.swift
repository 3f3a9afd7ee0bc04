/// Processors' numbers as Linux writes them: `0-3,8`.
///
/// Source: Documentation/admin-guide/cputopology.rst and bitmap_parselist in Linux.
enum ProcessorList {
    /// Above any that Linux can be built for.
    static let limit = 1 << 16

    /// The numbers; `nil` if it is no such list.
    static func numbers(_ text: some StringProtocol) -> Set<Int>? {
        let text = text.filter { !$0.isWhitespace }
        guard !text.isEmpty else { return [] }
        var numbers: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int(String($0)) }
            guard (1...2).contains(ends.count), let first = ends[0],
                let last = ends[ends.count - 1],
                0 <= first, first <= last, last < limit
            else { return nil }
            numbers.formUnion(first...last)
        }
        return numbers
    }
}
