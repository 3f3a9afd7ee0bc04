import FoundationEssentials
import Glibc
public import Imaging
public import SystemPackage
import Synchronization

/// One decoding child, with blocking calls.
///
/// It is used by one thread at a time; only `cancel` and `close` may be called by any.
///
/// Untrusted files meet codecs in a process of their own, `vignette-decoder`, whose memory and time
/// are limited and which answers with pixels and nothing else. The child starts on first use, is
/// used for many files, and is replaced when it died, hung, grew or served long enough.
///
/// `@unchecked Sendable`: everything that changes is in `state`, behind its lock.
public final class Decoder: @unchecked Sendable {
    private struct State {
        var child: DecoderChild?
        var isBusy = false
        var isCancelled = false
        var isClosed = false
    }

    private let executable: FilePath
    private let limits: DecoderLimits
    private let state = Mutex(State())

    /// Prepares a decoder; nothing is started yet.
    ///
    /// - Parameters:
    ///   - executable: the program `vignette-decoder`, see `DecoderLocation`.
    ///   - limits: what the child may use and what it refuses.
    public init(executable: FilePath, limits: DecoderLimits = .standard) {
        self.executable = executable
        self.limits = limits
    }

    deinit {
        close()
    }

    /// What the file is, its identity and its metadata; no pixels are decoded.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - root: a folder within which it must lie without symbolic links in between, as watched files
    ///     do; `nil` follows links.
    /// - Returns: format, size, identity and metadata.
    /// - Throws: `DecodingError`.
    public func probe(
        _ path: FilePath, beneath root: FilePath? = nil
    ) throws(DecodingError) -> MediaProbe {
        let reply = try single(DecoderRequest(kind: .probe), path, beneath: root)
        guard case .probe(let probe) = reply else {
            throw .childFailed(path, reason: "the decoder answered another question")
        }
        return probe
    }

    /// What an XMP sidecar says.
    ///
    /// - Parameters:
    ///   - path: the sidecar.
    ///   - root: as for `probe(_:beneath:)`.
    /// - Returns: texts, moment, place, and which file it belongs to.
    /// - Throws: `DecodingError`; `.rejected` for what is no XMP.
    public func sidecar(
        _ path: FilePath, beneath root: FilePath? = nil
    ) throws(DecodingError) -> SidecarFacts {
        let reply = try single(DecoderRequest(kind: .sidecar), path, beneath: root)
        guard case .sidecar(let facts) = reply else {
            throw .childFailed(path, reason: "the decoder answered another question")
        }
        return facts
    }

    /// What becomes of an XMP sidecar by an edit; nothing is written.
    ///
    /// - Parameters:
    ///   - edit: What is to be changed.
    ///   - path: The sidecar; `nil` makes a new one.
    ///   - root: as for `probe(_:beneath:)`.
    /// - Returns: The bytes of the sidecar with the change, which are no less hostile than those before it.
    /// - Throws: `DecodingError`; `.rejected` for what cannot be edited.
    public func edited(
        _ edit: SidecarEdit, of path: FilePath?, beneath root: FilePath? = nil
    ) throws(DecodingError) -> [UInt8] {
        guard let json = try? JSONEncoder().encode(edit), json.count <= DecoderRequest.maximumEdit
        else { throw .childFailed(path, reason: "more is to be changed than a sidecar can hold") }
        let request = DecoderRequest(kind: .edit, edit: [UInt8](json))
        let reply = try single(request, path, beneath: root)
        guard case .edited(let bytes) = reply else {
            throw .childFailed(path, reason: "the decoder answered another question")
        }
        return bytes
    }

    /// The upright pixels of a still picture.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - minimumShortEdge: the picture may come smaller than the file's, but never with a shorter
    ///     edge below this; `nil` keeps every pixel.
    ///   - root: as for `probe(_:beneath:)`.
    /// - Returns: the picture, at most twice as large as needed unless every pixel was asked for.
    /// - Throws: `DecodingError`.
    public func still(
        _ path: FilePath, minimumShortEdge: Int?, beneath root: FilePath? = nil
    ) throws(DecodingError) -> RGBImage {
        let reply = try single(
            DecoderRequest(kind: .still, edge: minimumShortEdge), path, beneath: root)
        guard case .picture(let frame) = reply else {
            throw .childFailed(path, reason: "the decoder answered another question")
        }
        return frame.image
    }

    /// The upright pixels of a still picture, and a small picture made of them besides.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - minimumShortEdge: as for `still(_:minimumShortEdge:)`.
    ///   - longestEdge: the most pixels of the small picture's longer edge.
    ///   - root: as for `probe(_:beneath:)`.
    /// - Returns: the picture, and a JPEG as of `thumbnail`; `nil` where the pixels do not suffice for it.
    /// - Throws: `DecodingError`.
    public func still(
        _ path: FilePath, minimumShortEdge: Int?, withThumbnail longestEdge: Int,
        beneath root: FilePath? = nil
    ) throws(DecodingError) -> (image: RGBImage, thumbnail: [UInt8]?) {
        let request = DecoderRequest(
            kind: .still, edge: minimumShortEdge, thumbnail: longestEdge)
        let child = try begin(request, path, beneath: root)
        let first = try answer(of: child, about: path, pixels: limits.maximumStillPixels)
        guard case .picture(let frame) = first else {
            throw failure(.nonsense("it answered another question"), of: child, path)
        }
        let second = try answer(of: child, about: path, pixels: 0)
        end(child, keeping: true)
        guard case .thumbnail(let bytes) = second else { return (frame.image, nil) }
        return (frame.image, bytes)
    }

    /// A small picture of a still, or of a clip's first frame, as JPEG.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - longestEdge: the most pixels that its longer edge has; a smaller picture stays as large as it is.
    ///   - root: as for `probe(_:beneath:)`.
    /// - Returns: the bytes of the JPEG, which the child made: nobody but a viewer should parse them.
    /// - Throws: `DecodingError`.
    public func thumbnail(
        _ path: FilePath, longestEdge: Int, beneath root: FilePath? = nil
    ) throws(DecodingError) -> [UInt8] {
        let reply = try single(
            DecoderRequest(kind: .thumbnail, edge: longestEdge), path, beneath: root)
        guard case .thumbnail(let bytes) = reply else {
            throw .childFailed(path, reason: "the decoder answered another question")
        }
        return bytes
    }

    /// One frame for each started second of a clip, in time order, upright.
    ///
    /// Memory does not grow with the clip's length: the child waits while `body` runs. A clip with
    /// more seconds than `DecoderLimits.maximumFrames` ends there without an error.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - minimumShortEdge: as for `still(_:minimumShortEdge:)`.
    ///   - longestEdge: the most pixels of the longer edge of a small picture of the first frame; `nil` for none.
    ///   - root: as for `probe(_:beneath:)`.
    ///   - onThumbnail: called with its JPEG behind the first frame, if that suffices for it.
    ///   - body: called with each frame on the calling thread; what it throws ends the request.
    /// - Throws: `DecodingError`, and what `body` throws.
    public func frames(
        _ path: FilePath, minimumShortEdge: Int?, withThumbnail longestEdge: Int? = nil,
        beneath root: FilePath? = nil, onThumbnail: ([UInt8]) -> Void = { _ in },
        _ body: (VideoFrame) throws -> Void
    ) throws {
        let request = DecoderRequest(
            kind: .frames, edge: minimumShortEdge, thumbnail: longestEdge)
        let child = try begin(request, path, beneath: root)
        var count = 0
        while true {
            let reply = try answer(of: child, about: path, pixels: limits.maximumFramePixels)
            if case .thumbnail(let bytes) = reply, longestEdge != nil, count == 1 {
                onThumbnail(bytes)
                continue
            }
            guard case .picture(let frame) = reply else { break }
            count += 1
            guard count <= limits.maximumFrames else {
                throw failure(.nonsense("it sent too many frames"), of: child, path)
            }
            do {
                try body(frame)
            } catch {
                // The child is in the middle of its answer; a fresh one is cheaper than the rest.
                end(child, keeping: false)
                throw error
            }
        }
        end(child, keeping: true)
    }

    /// What locks the child in, as it says itself.
    ///
    /// - Throws: `DecodingError`.
    public func sandbox() throws(DecodingError) -> SandboxReport {
        let reply = try single(DecoderRequest(kind: .sandbox), nil, beneath: nil)
        guard case .sandbox(let report) = reply else {
            throw .childFailed(nil, reason: "the decoder answered another question")
        }
        return report
    }

    /// Ends the running request with `.cancelled` at once, from any thread; without one, does nothing.
    public func cancel() {
        state.withLock { state in
            guard state.isBusy else { return }
            state.isCancelled = true
            state.child?.process.kill()
        }
    }

    /// Ends the child for good, from any thread: the running request and later ones end with `.cancelled`.
    public func close() {
        let idle: DecoderChild? = state.withLock { state in
            state.isClosed = true
            state.child?.process.kill()
            guard !state.isBusy else { return nil }
            defer { state.child = nil }
            return state.child
        }
        _ = idle?.process.wait(seconds: 2)
    }
}

// MARK: - Requests

extension Decoder {
    /// Asks for one answer and takes leave of the child.
    private func single(
        _ request: DecoderRequest, _ path: FilePath?, beneath root: FilePath?
    ) throws(DecodingError) -> DecoderChild.Reply {
        let child = try begin(request, path, beneath: root)
        let reply = try answer(of: child, about: path, pixels: limits.maximumStillPixels)
        end(child, keeping: true)
        return reply
    }

    /// Makes the decoder busy and sends the request to a live child.
    private func begin(
        _ request: DecoderRequest, _ path: FilePath?, beneath root: FilePath?
    ) throws(DecodingError) -> DecoderChild {
        let closed = state.withLock { state in
            precondition(!state.isBusy, "a Decoder serves one thread at a time")
            guard !state.isClosed else { return true }
            state.isBusy = true
            state.isCancelled = false
            return false
        }
        guard !closed else { throw .cancelled }
        let file: Int32?
        do throws(DecodingError) {
            file = try path.map { path throws(DecodingError) in
                try MediaOpening.open(path, beneath: root)
            }
        } catch {
            end(nil, keeping: true)
            throw error
        }
        defer { if let file { Glibc.close(file) } }
        let child: DecoderChild
        do throws(ChildFault) {
            child = try liveChild()
        } catch {
            end(nil, keeping: false)
            throw .childFailed(nil, reason: ChildVerdict.describe(error, executable: executable))
        }
        do throws(ChildFault) {
            try child.ask(request, file: file, by: Deadline(seconds: limits.wallSeconds))
        } catch {
            throw failure(error, of: child, path)
        }
        return child
    }

    /// The child in use if it is fit for another request, a fresh one otherwise.
    private func liveChild() throws(ChildFault) -> DecoderChild {
        let old = state.withLock { $0.child }
        if let old {
            if isFit(old) { return old }
            retire(old)
        }
        let arguments = ["--serve"] + limits.arguments
        let started = try ChildSpawn(executable: executable, arguments: arguments).start()
        let child = DecoderChild(started)
        state.withLock { state in
            state.child = child
            // Whoever cancelled while the child was being started found nothing to kill.
            if state.isCancelled || state.isClosed { child.process.kill() }
        }
        return child
    }

    private func isFit(_ child: DecoderChild) -> Bool {
        child.isIdle && child.requests < limits.requestsPerChild
            && child.residentBytes.map { $0 <= limits.idleMemoryBytes } ?? true
    }

    /// Receives one answer; an error among the answers is thrown and ends the request.
    private func answer(
        of child: DecoderChild, about path: FilePath?, pixels: Int
    ) throws(DecodingError) -> DecoderChild.Reply {
        let reply: DecoderChild.Reply
        do throws(ChildFault) {
            reply = try child.answer(
                maximumPixels: pixels, by: Deadline(seconds: limits.wallSeconds))
        } catch {
            throw failure(error, of: child, path)
        }
        switch reply {
        case .unreadable(let code):
            end(child, keeping: true)
            guard let path else { throw .childFailed(nil, reason: "\(code)") }
            throw .unreadable(path, code)
        case .rejected(let reason):
            end(child, keeping: true)
            guard let path else { throw .childFailed(nil, reason: reason) }
            throw .rejected(path, reason: reason)
        case .failed(let reason):
            end(child, keeping: false)
            throw .childFailed(path, reason: reason)
        case .probe, .picture, .end, .sandbox, .sidecar, .thumbnail, .edited:
            return reply
        }
    }

    /// Ends the request with the child and says what to blame.
    private func failure(
        _ fault: ChildFault, of child: DecoderChild, _ path: FilePath?
    ) -> DecodingError {
        // A child that closed its end is dying by itself, and how it dies is the reason.
        let isDying = if case .closed = fault { true } else { false }
        if !isDying { child.process.kill() }
        let ending = child.process.wait(seconds: 2)
        let isCancelled = state.withLock { $0.isCancelled || $0.isClosed }
        end(child, keeping: false)
        guard !isCancelled else { return .cancelled }
        let verdict = ChildVerdict(
            fault: fault, ending: ending, lastWords: child.lastWords, limits: limits)
        return .childFailed(path, reason: verdict.description)
    }

    /// Makes the decoder free again.
    private func end(_ child: DecoderChild?, keeping: Bool) {
        let leaving: DecoderChild? = state.withLock { state in
            state.isBusy = false
            guard !keeping || state.isCancelled || state.isClosed else { return nil }
            state.child = nil
            return child
        }
        if let leaving { retire(leaving) }
    }

    private func retire(_ child: DecoderChild) {
        child.process.kill()
        _ = child.process.wait(seconds: 2)
    }
}
