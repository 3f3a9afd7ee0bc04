public import Tensor

extension Weights {
    /// Tells the kernel that a part's pages may go; they are read again when next touched.
    ///
    /// Keeps a program small that passes over a file larger than the memory.
    ///
    /// - Parameter part: Bytes within the tensor; all of them where none are given.
    /// - Precondition: the bytes lie within the tensor.
    public func discardPages(_ part: Range<Int>? = nil) {
        let part = part ?? 0..<range.count
        precondition(part.lowerBound >= 0 && part.upperBound <= range.count)
        let start = range.lowerBound + part.lowerBound
        file.discardPages(start..<start + part.count)
    }
}
