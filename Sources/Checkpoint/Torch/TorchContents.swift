/// The tensors of a `torch.save` file, held against the entries that their numbers are in.
struct TorchContents {
    struct Entry {
        let name: String
        let type: StorageType
        let shape: [Int]
        /// Bytes within the file.
        let range: Range<Int>
    }

    let entries: [Entry]
    let pickleByteCount: Int

    private static let zipMagic = Array("PK\u{3}\u{4}".utf8)
    /// How the format before torch 1.6 begins: a pickled number, its magic.
    private static let legacyMagic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46]

    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - file: The file's bytes.
    ///   - releasePages: Called now and then; may drop the pages that were touched.
    /// - Throws: `ArchiveFlaw`.
    init(of file: UnsafeRawBufferPointer, releasePages: () -> Void = {}) throws {
        try Self.checkKind(of: file)
        let archive = try ZipArchive(of: file, releasePages: releasePages)
        let root = try Self.root(of: archive)
        try Self.checkByteOrder(of: file, archive.entries["\(root)/byteorder"])
        guard let pickle = archive.entries["\(root)/data.pkl"] else {
            throw ArchiveFlaw("the zip has no data.pkl")
        }
        pickleByteCount = pickle.count
        var names: Set<String> = []
        entries = try Pickle.tensors(in: UnsafeRawBufferPointer(rebasing: file[pickle])).map {
            name, tensor in
            guard names.insert(name).inserted else {
                throw ArchiveFlaw("the tensor '\(abbreviated(name))' stands twice")
            }
            let key = tensor.storage.key
            guard let storage = archive.entries["\(root)/data/\(key)"] else {
                throw ArchiveFlaw("the zip lacks data/\(abbreviated(key))")
            }
            return try Self.entry(named: name, tensor, storage: storage)
        }
    }

    private static func checkKind(of file: UnsafeRawBufferPointer) throws {
        guard !file.starts(with: legacyMagic) else {
            throw ArchiveFlaw(
                "it is in torch's format from before version 1.6; load it with a newer torch and "
                    + "save it again")
        }
        guard file.starts(with: zipMagic) else { throw ArchiveFlaw("it does not begin as a zip") }
    }

    /// The one folder that everything in the archive is in.
    private static func root(of archive: ZipArchive) throws -> String {
        let suffix = "/data.pkl"
        let roots = archive.entries.keys.filter { $0.hasSuffix(suffix) }
            .map { String($0.dropLast(suffix.count)) }.filter { !$0.contains("/") }
        guard let root = roots.first, roots.count == 1 else {
            throw ArchiveFlaw("the zip has \(roots.count) entries named data.pkl instead of one")
        }
        return root
    }

    private static func checkByteOrder(
        of file: UnsafeRawBufferPointer, _ range: Range<Int>?
    ) throws {
        guard let range else { return }
        guard file[range].elementsEqual("little".utf8) else {
            throw ArchiveFlaw("its numbers are not in little-endian order")
        }
    }

    /// Holds a tensor against the entry that has its numbers.
    private static func entry(
        named name: String, _ tensor: PickledTensor, storage: Range<Int>
    ) throws -> Entry {
        let shown = "'\(abbreviated(name))'"
        let elementByteCount = (tensor.storage.type.bitCount ?? 8) / 8
        let (byteCount, overflow) = tensor.storage.count
            .multipliedReportingOverflow(by: elementByteCount)
        guard !overflow, byteCount == storage.count else {
            throw ArchiveFlaw(
                "the numbers of \(shown) take \(storage.count) bytes, which are not "
                    + "\(tensor.storage.count) of \(tensor.storage.type.name)")
        }
        let count = try rowMajorCount(of: tensor, name: shown)
        guard tensor.offset <= tensor.storage.count, count <= tensor.storage.count - tensor.offset
        else {
            throw ArchiveFlaw(
                "\(shown) of shape \(tensor.shape) from number \(tensor.offset) on reaches beyond "
                    + "the \(tensor.storage.count) that are stored")
        }
        let start = storage.lowerBound + tensor.offset * elementByteCount
        return Entry(
            name: name, type: tensor.storage.type, shape: tensor.shape,
            range: start..<start + count * elementByteCount)
    }

    /// How many numbers a tensor has, which must stand row by row without gaps.
    private static func rowMajorCount(of tensor: PickledTensor, name: String) throws -> Int {
        var count = 1
        var isRowMajor = true
        for (size, stride) in zip(tensor.shape, tensor.strides).reversed() {
            // Along an edge of length 1 no step is ever taken.
            if size > 1, stride != count { isRowMajor = false }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                throw ArchiveFlaw("the shape \(tensor.shape) of \(name) overflows")
            }
            count = product
        }
        guard isRowMajor || count == 0 else {
            throw ArchiveFlaw(
                "\(name) of shape \(tensor.shape) has the strides \(tensor.strides): it has to be "
                    + "made contiguous before it is saved")
        }
        return count
    }
}
