/// An archive, or the pickle in it, that contradicts itself or asks for more than tensors need.
struct ArchiveFlaw: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
