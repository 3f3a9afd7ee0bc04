import Catalogue
import Daemon
import MediaDecoding
import Synchronization
import SystemPackage

/// Makes small pictures, in the sandboxed child and nowhere else, and keeps them.
final class PictureMaker: Sendable {
    private let store: ThumbnailStore
    private let program: FilePath
    private let limits: DecoderLimits
    /// Decoders that nobody uses at the moment; as many are made as there are threads that ask.
    private let idle = Mutex<[Decoder]>([])

    /// Prepares; no child is started yet.
    init(_ store: ThumbnailStore, program: FilePath, limits: DecoderLimits) {
        (self.store, self.program, self.limits) = (store, program, limits)
    }

    /// Makes and keeps the small picture of a file.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - size: Which one.
    ///   - originals: Where files are.
    /// - Returns: A JPEG; `nil` if the file is not the one that the catalogue knows.
    /// - Throws: `DecodingError`; what keeps the picture from being kept is none.
    func make(
        _ source: WorkSource, _ size: ThumbnailSize, in originals: Originals
    ) throws(DecodingError) -> [UInt8]? {
        guard let place = originals.place(of: source) else { return nil }
        let decoder = idle.withLock { $0.popLast() } ?? Decoder(executable: program, limits: limits)
        defer { idle.withLock { $0.append(decoder) } }
        let jpeg = try decoder.thumbnail(
            place.path, longestEdge: size.longestEdge, beneath: place.folder)
        guard originals.isUnchanged(source) else { return nil }
        // Without room for it, it is made anew each time.
        try? store.add(jpeg, source.facts.identity, size)
        return jpeg
    }
}
