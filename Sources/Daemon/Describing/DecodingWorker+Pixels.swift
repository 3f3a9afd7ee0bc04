import Captioning
import Catalogue
import Imaging
import MediaDecoding
import RemoteWork
import SystemPackage

/// Pixels of stills and clips, as small as the model needs them, and small pictures for the page by the way.
extension DecodingWorker {
    /// The pixels of a still.
    func still(
        _ place: (path: FilePath, folder: FilePath?), minimumShortEdge: Int, _ identity: [UInt8]
    ) throws(DecodingError) -> RGBImage {
        guard let store = storeAhead(for: identity) else {
            return try decoder.still(
                place.path, minimumShortEdge: minimumShortEdge, beneath: place.folder)
        }
        let (image, thumbnail) = try decoder.still(
            place.path, minimumShortEdge: minimumShortEdge,
            withThumbnail: ThumbnailSize.small.longestEdge, beneath: place.folder)
        // Without room for it, it is made when somebody looks.
        if let thumbnail { try? store.add(thumbnail, identity, .small) }
        return image
    }

    /// Feeds the describing thread.
    ///
    /// - Returns: Why the frames ended early, if they did.
    func sendFrames(of clip: ClipWork, edge: Int, _ identity: [UInt8]) -> DecodingError? {
        do {
            try frames(of: clip.assignment, edge: edge, identity, clip.signature) { frame in
                guard clip.frames.push(.frame(frame)) else { throw DecodingError.cancelled }
            }
            return nil
        } catch let error as DecodingError {
            return error
        } catch {
            return .childFailed(context.place(of: clip.assignment.file).path, reason: "\(error)")
        }
    }

    /// Decodes a clip for other machines, which get it whole.
    ///
    /// - Returns: Whether it is done with; otherwise it is too long for that.
    func offer(
        _ assignment: Assignment, _ probe: MediaProbe, edge: Int, to workers: WorkersGate
    ) throws -> Bool {
        guard let duration = probe.duration, duration <= WorkersGate.mostSeconds else {
            return false
        }
        let signature = FirstSignature()
        var all: [VideoFrame] = []
        var bytes = 0
        do {
            try frames(of: assignment, edge: edge, probe.identity, signature) { frame in
                bytes += frame.image.pixels.count
                guard bytes <= PieceContent.mostBytes else { throw ClipTooLarge() }
                all.append(frame)
            }
        } catch is ClipTooLarge {
            return false
        }
        guard !all.isEmpty else {
            throw DecodingError.rejected(
                context.place(of: assignment.file).path, reason: EmptyClip().description)
        }
        guard context.isUnchanged(assignment.file) else {
            try context.reconsider(assignment)
            return true
        }
        let order = RemoteOrder(
            assignment: assignment, content: .clip(all, duration: duration),
            signature: signature.value)
        if !workers.push(order) { try context.giveBack(assignment) }
        return true
    }

    /// The frames of a clip; its signature and a small picture are made of the first.
    private func frames(
        of assignment: Assignment, edge: Int, _ identity: [UInt8], _ signature: FirstSignature,
        _ body: (VideoFrame) throws -> Void
    ) throws {
        let place = context.place(of: assignment.file)
        let store = storeAhead(for: identity)
        try decoder.frames(
            place.path, minimumShortEdge: edge,
            withThumbnail: store.map { _ in ThumbnailSize.small.longestEdge },
            beneath: place.folder, onThumbnail: { try? store?.add($0, identity, .small) }
        ) { frame in
            signature.see(frame.image)
            try body(
                VideoFrame(
                    second: frame.second,
                    image: try context.captioner.reduced(frame: frame.image)))
        }
    }

    /// Where to put a small picture; `nil` where none is to be made.
    private func storeAhead(for identity: [UInt8]) -> ThumbnailStore? {
        guard let store = context.thumbnails, store.hasRoomAhead,
            !store.contains(identity, .small)
        else { return nil }
        return store
    }
}

/// A clip whose frames are more than a piece may hold.
private struct ClipTooLarge: Error {}
