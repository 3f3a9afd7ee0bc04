import CLibAV
import CProcess
public import MediaDecoding

/// The child's side of the conversation: requests in, answers out, until the parent closes its end.
public struct DecoderService {
    /// Files that may be open: the three standard ones, the file, and some for libraries.
    private static let descriptors: UInt64 = 32

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

    /// Gives up what the process does not need, then answers requests until the end of the input.
    public func run() {
        vignette_limit_process(UInt64(limits.memoryBytes), Self.descriptors)
        vignette_die_with_peer(channel.input)
        av_log_set_level(AV_LOG_QUIET)
        _ = XMPPacket.isReady
        while let body = channel.readRequest() {
            guard let request = DecoderRequest(body: body) else { return }
            vignette_renew_processor_time(UInt64(limits.cpuSeconds))
            do throws(CodecError) {
                try answer(request)
            } catch {
                channel.send(error)
            }
        }
    }

    private func answer(_ request: DecoderRequest) throws(CodecError) {
        let file = try InputFile(request.path)
        let format = try MediaFormat(of: file)
        switch request.kind {
        case .probe:
            channel.send(try Prober(limits: limits).probe(file, format))
        case .still:
            guard !format.isVideo else { throw .rejected("is a clip, not a picture") }
            let image = try StillReader(limits: limits)
                .read(file, format, minimumShortEdge: request.minimumShortEdge)
            channel.send(VideoFrame(second: 0, image: image))
        case .frames:
            guard format.isVideo else { throw .rejected("is a picture, not a clip") }
            let clip = try VideoFile(file, format, limits: limits)
            try FrameSampler(clip, limits: limits, minimumShortEdge: request.minimumShortEdge)
                .run { frame in
                    channel.send(frame)
                    vignette_renew_processor_time(UInt64(limits.cpuSeconds))
                }
            channel.sendEnd()
        }
    }
}
