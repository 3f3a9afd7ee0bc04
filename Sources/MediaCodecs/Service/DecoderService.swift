import CProcess
import Glibc
public import MediaDecoding
import MediaFormats

/// The child's side of the conversation: requests in, answers out, until the parent closes its end.
public struct DecoderService {
    private let limits: DecoderLimits
    private let channel: ServiceChannel

    /// Serves on two descriptors.
    ///
    /// - Parameters:
    ///   - limits: what the process may use and refuses.
    ///   - input: where requests come from.
    ///   - output: where answers go to.
    public init(limits: DecoderLimits, input: Int32, output: Int32) {
        self.limits = limits
        channel = ServiceChannel(input: input, output: output)
    }

    /// Locks the process in, then answers requests until the end of the input.
    public func run() {
        let report = Sandbox.enter(limits, socket: channel.input)
        while let (request, file) = channel.readRequest() {
            vignette_renew_processor_time(UInt64(limits.cpuSeconds))
            do throws(CodecError) {
                if request.kind == .sandbox {
                    channel.send(report)
                } else if let problem = report.problem, limits.sandbox == .require {
                    close(file)
                    throw .failed(
                        "the decoder cannot be locked in (\(problem)); a newer kernel can, or set "
                            + "media.sandbox to prefer to work without")
                } else {
                    let input = file < 0 ? nil : try InputFile(descriptor: file)
                    try answer(request, input)
                }
            } catch {
                channel.send(error)
            }
        }
    }

    private func answer(_ request: DecoderRequest, _ file: InputFile?) throws(CodecError) {
        if request.kind == .edit {
            channel.send(edited: try SidecarEdits.apply(request.edit, to: file))
            return
        }
        guard let file else { throw .failed("a question came without its file") }
        if request.kind == .sidecar {
            channel.send(try SidecarReader.read(file))
            return
        }
        let format = try MediaFormat(of: file)
        switch request.kind {
        case .probe:
            channel.send(try Prober(limits: limits).probe(file, format))
        case .still:
            let image = try StillReader(limits: limits)
                .read(file, format, minimumShortEdge: request.edge)
            channel.send(VideoFrame(second: 0, image: image))
            guard let edge = request.thumbnail else { break }
            // The picture is there, whatever becomes of the small one.
            if let jpeg = try? Thumbnail(limits: limits).make(of: image, longestEdge: edge) {
                channel.sendThumbnail(jpeg)
            } else {
                channel.sendEnd()
            }
        case .thumbnail:
            channel.sendThumbnail(
                try Thumbnail(limits: limits).make(file, format, longestEdge: request.edge ?? 0))
        case .frames:
            let clip = try VideoFile(file, format, limits: limits)
            var wanted = request.thumbnail
            try FrameSampler(clip, limits: limits, minimumShortEdge: request.edge)
                .run { frame in
                    channel.send(frame)
                    if let edge = wanted,
                        let jpeg = try? Thumbnail(limits: limits)
                            .make(of: frame.image, longestEdge: edge)
                    {
                        channel.sendThumbnail(jpeg)
                    }
                    wanted = nil
                    vignette_renew_processor_time(UInt64(limits.cpuSeconds))
                }
            channel.sendEnd()
        case .sandbox, .sidecar, .edit:
            break
        }
    }
}
