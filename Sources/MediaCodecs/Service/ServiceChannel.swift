import CProcess
import FoundationEssentials
import Glibc
import Imaging
import MediaDecoding
import SystemPackage

/// Reads requests and writes answers; ends the process when the parent has gone.
struct ServiceChannel {
    let input: Int32
    let output: Int32

    /// The next request with the file that came along, -1 for none.
    ///
    /// It is `nil` at the end of the input or if it makes no sense.
    func readRequest() -> (request: DecoderRequest, file: Int32)? {
        var file: Int32 = -1
        guard let head = read(4, file: &file),
            let count = head.littleEndian(UInt32.self).map(Int.init),
            count <= DecoderRequest.bodySize + DecoderRequest.maximumEdit,
            let body = read(count, file: &file),
            let request = DecoderRequest(body: body)
        else { return nil }
        return (request, file)
    }

    /// Answers what locks this process in.
    func send(_ report: SandboxReport) {
        guard let json = try? JSONEncoder().encode(report) else { exit(70) }
        send(.sandbox, [UInt8](json))
    }

    /// Answers a probe.
    func send(_ probe: MediaProbe) {
        guard let json = try? JSONEncoder().encode(probe) else { exit(70) }
        send(.probe, [UInt8](json))
    }

    /// Answers what a sidecar says.
    func send(_ facts: SidecarFacts) {
        guard let json = try? JSONEncoder().encode(facts) else { exit(70) }
        send(.sidecar, [UInt8](json))
    }

    /// Answers with an edited sidecar.
    func send(edited sidecar: [UInt8]) {
        send(.edited, sidecar)
    }

    /// Answers with a picture.
    func send(_ frame: VideoFrame) {
        let image = frame.image
        let header = PictureHeader(
            width: image.width, height: image.height, second: frame.second)
        write(DecoderReply.header(.picture, count: PictureHeader.size + image.pixels.count))
        write(header.bytes)
        write(image.pixels)
    }

    /// Answers with a small picture.
    func sendThumbnail(_ jpeg: [UInt8]) {
        send(.thumbnail, jpeg)
    }

    /// Says that a clip is over.
    func sendEnd() {
        send(.end, [])
    }

    /// Answers with an error.
    func send(_ error: CodecError) {
        switch error {
        case .unreadable(let code):
            var bytes: [UInt8] = []
            bytes.append(littleEndian: code.rawValue)
            send(.unreadable, bytes)
        case .rejected(let reason): send(.rejected, Array(reason.utf8))
        case .failed(let reason): send(.failed, Array(reason.utf8))
        }
    }

    private func send(_ tag: DecoderReply.Tag, _ content: [UInt8]) {
        write(DecoderReply.header(tag, count: content.count) + content)
    }

    private func read(_ count: Int, file: inout Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            var received: Int32 = -1
            let got = bytes.withUnsafeMutableBytes { buffer in
                vignette_receive_with_descriptor(
                    input, buffer.baseAddress.map { $0 + filled }, count - filled, &received)
            }
            if received >= 0 {
                if file >= 0 { close(file) }
                file = received
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }

    private func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(output, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { exit(0) }
            sent += count
        }
    }
}
