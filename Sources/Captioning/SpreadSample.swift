/// Elements spread evenly over a sequence whose length nobody knows beforehand.
///
/// Every n-th element is kept, from the first one on; when there are too many, every second one goes
/// and n doubles.
struct SpreadSample<Element> {
    /// Most elements that are kept.
    let limit: Int
    /// Every how many elements one is kept.
    private(set) var stride: Int
    /// What is kept, in order.
    private(set) var elements: [Element] = []
    private var seen = 0

    /// Makes an empty sample.
    ///
    /// - Parameters:
    ///   - stride: Every how many elements one is kept as long as they are not too many.
    ///   - limit: At least two.
    init(stride: Int, limit: Int) {
        precondition(stride > 0 && limit > 1)
        self.stride = stride
        self.limit = limit
    }

    /// Which of the next `count` elements are wanted, by their place among them.
    func wanted(ofNext count: Int) -> [Int] {
        (0..<count).filter { (seen + $0).isMultiple(of: stride) }
    }

    /// Passes the next `count` elements, of which those that are wanted are handed in.
    mutating func pass(_ count: Int, keeping wanted: [Element]) {
        seen += count
        elements += wanted
        while elements.count > limit {
            elements = Swift.stride(from: 0, to: elements.count, by: 2).map { elements[$0] }
            stride *= 2
        }
    }
}
