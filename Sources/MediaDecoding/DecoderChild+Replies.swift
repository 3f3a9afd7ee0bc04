import FoundationEssentials
import Imaging
import SystemPackage

extension DecoderChild {
    /// An answer, its sizes checked before anything was allocated for it.
    enum Reply {
        case probe(MediaProbe)
        case picture(VideoFrame)
        case end
        case unreadable(Errno)
        case rejected(String)
        case failed(String)
        case sandbox(SandboxReport)
        case sidecar(SidecarFacts)
        case thumbnail([UInt8])
        case edited([UInt8])
    }

    /// Sends a request with the file that it is about.
    func ask(_ request: DecoderRequest, file: Int32?, by deadline: Deadline) throws(ChildFault) {
        requests += 1
        let body = request.body
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(body.count))
        try send(bytes + body, file: file, by: deadline)
    }

    /// Receives one answer; a picture has at most `maximumPixels`.
    ///
    /// The child may be in the hands of whoever made the file, so nothing it says is believed.
    func answer(maximumPixels: Int, by deadline: Deadline) throws(ChildFault) -> Reply {
        let header = try receive(DecoderReply.headerSize, by: deadline)
        guard let tag = DecoderReply.Tag(rawValue: header[0]),
            let count = header[1...].littleEndian(UInt32.self).map(Int.init)
        else { throw .nonsense("it answered with an unknown kind of frame") }
        if tag == .picture {
            return try picture(count: count, maximumPixels: maximumPixels, by: deadline)
        }
        let limit =
            switch tag {
            case .thumbnail: DecoderReply.maximumThumbnail
            case .edited: SidecarEdit.maximumSidecar
            default: DecoderReply.maximumText
            }
        guard count <= limit else {
            throw .nonsense("it answered with \(count) bytes where \(limit) are the most")
        }
        return try Self.parse(tag, try receive(count, by: deadline))
    }

    private func picture(
        count: Int, maximumPixels: Int, by deadline: Deadline
    ) throws(ChildFault) -> Reply {
        guard count > PictureHeader.size else { throw .nonsense("it sent an empty picture") }
        let bytes = try receive(PictureHeader.size, by: deadline)
        guard let header = PictureHeader(bytes: bytes, maximumPixels: maximumPixels),
            header.width * header.height * 3 == count - PictureHeader.size
        else { throw .nonsense("it sent a picture of a wrong size") }
        let pixels = try receive(count - PictureHeader.size, by: deadline)
        let image = RGBImage(width: header.width, height: header.height, pixels: pixels)
        return .picture(VideoFrame(second: header.second, image: image))
    }

    private static func parse(
        _ tag: DecoderReply.Tag, _ content: [UInt8]
    ) throws(ChildFault) -> Reply {
        switch tag {
        case .probe:
            guard let probe = try? JSONDecoder().decode(MediaProbe.self, from: Data(content)),
                probe.isPlausible
            else { throw .nonsense("it sent a probe that cannot be") }
            return .probe(probe)
        case .end: return .end
        case .thumbnail:
            guard content.starts(with: [0xFF, 0xD8, 0xFF]) else {
                throw .nonsense("it sent a thumbnail that is no JPEG")
            }
            return .thumbnail(content)
        case .sandbox:
            guard let report = try? JSONDecoder().decode(SandboxReport.self, from: Data(content))
            else { throw .nonsense("it sent a report that cannot be") }
            return .sandbox(report)
        case .sidecar:
            guard let facts = try? JSONDecoder().decode(SidecarFacts.self, from: Data(content)),
                facts.isPlausible
            else { throw .nonsense("it sent a sidecar that cannot be") }
            return .sidecar(facts)
        case .edited: return .edited(content)
        case .unreadable:
            guard let code = content.littleEndian(UInt32.self) else {
                throw .nonsense("it sent an error without its number")
            }
            return .unreadable(Errno(rawValue: CInt(truncatingIfNeeded: code)))
        case .rejected: return .rejected(oneLine(content))
        case .failed: return .failed(oneLine(content))
        case .picture: throw .nonsense("it sent a picture twice")
        }
    }

    /// Text of the child as one line without control characters.
    private static func oneLine(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(1000), as: UTF8.self)
        let scalars = text.unicodeScalars.map {
            $0.properties.generalCategory == .control ? " " : $0
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension MediaProbe {
    /// Whether the parts are within what they are documented to be.
    fileprivate var isPlausible: Bool {
        identity.count == 32 && width > 0 && height > 0 && width <= 1 << 24 && height <= 1 << 24
            && format.utf8.count <= 32 && duration.map { $0.isFinite && $0 >= 0 } ?? true
            && metadata.isPlausible
    }
}
