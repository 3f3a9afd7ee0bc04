/// What one decoding child may use before it is stopped, and what it refuses from the start.
public struct DecoderLimits: Codable, Equatable, Sendable {
    /// Address space of the child in bytes; an allocation beyond it fails and the child ends.
    public var memoryBytes: Int
    /// Seconds the parent waits for one answer: a probe, a still, the next frame of a clip.
    public var wallSeconds: Double
    /// Seconds of processor time for one answer.
    public var cpuSeconds: Int
    /// Pixels of a still, from its header, above which it is refused.
    public var maximumStillPixels: Int
    /// Pixels of a video frame above which the clip is refused.
    public var maximumFramePixels: Int
    /// Frames taken from one clip; a longer clip ends there without an error.
    public var maximumFrames: Int
    /// Bytes of a still's file above which it is refused; clips are read piece by piece, whatever their size.
    public var maximumFileBytes: Int
    /// Requests after which a child is replaced by a fresh one, so that leaks in codecs stay bounded.
    public var requestsPerChild: Int
    /// Resident bytes between two requests above which a child is replaced by a fresh one.
    public var idleMemoryBytes: Int
    /// Whether the child works where the system cannot lock it in.
    public var sandbox: SandboxPolicy

    /// Builds limits from their parts; the defaults are `standard`'s.
    ///
    /// The memory covers the costliest still that passes the other limits: a progressive JPEG of
    /// 200 megapixels keeps 1.2 GB of coefficients beside 0.6 GB of pixels.
    public init(
        memoryBytes: Int = 4 << 30, wallSeconds: Double = 120, cpuSeconds: Int = 100,
        maximumStillPixels: Int = 200_000_000, maximumFramePixels: Int = 64_000_000,
        maximumFrames: Int = 10_800, maximumFileBytes: Int = 1 << 29,
        requestsPerChild: Int = 256, idleMemoryBytes: Int = 256 << 20,
        sandbox: SandboxPolicy = .require
    ) {
        self.memoryBytes = memoryBytes
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
        self.maximumStillPixels = maximumStillPixels
        self.maximumFramePixels = maximumFramePixels
        self.maximumFrames = maximumFrames
        self.maximumFileBytes = maximumFileBytes
        self.requestsPerChild = requestsPerChild
        self.idleMemoryBytes = idleMemoryBytes
        self.sandbox = sandbox
    }

    /// 4 GiB, two minutes an answer, 200 megapixels a still, 64 a frame, three hours of video.
    public static let standard = DecoderLimits()
}

extension DecoderLimits {
    /// The limits as the child's arguments, `name=value` each; `init(arguments:)` reads them.
    package var arguments: [String] {
        [
            "memory=\(memoryBytes)", "wall=\(wallSeconds)", "cpu=\(cpuSeconds)",
            "still=\(maximumStillPixels)", "frame=\(maximumFramePixels)",
            "frames=\(maximumFrames)", "file=\(maximumFileBytes)",
            "sandbox=\(sandbox.rawValue)",
        ]
    }

    /// Reads what `arguments` wrote; `nil` if a word is unknown or no number.
    ///
    /// All values are collected before any is set: set one by one, the program lost two of them where Swift 6.3.1
    /// had optimised it with the pass that Package.swift leaves out.
    package init?(arguments: some Sequence<String>) {
        let names = ["memory", "wall", "cpu", "still", "frame", "frames", "file"]
        var numbers: [String: Double] = [:]
        var sandbox = SandboxPolicy.require
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2 else { return nil }
            if parts[0] == "sandbox" {
                guard let policy = SandboxPolicy(rawValue: parts[1]) else { return nil }
                sandbox = policy
                continue
            }
            guard names.contains(parts[0]), let value = Double(parts[1]), value > 0, value < 0x1p60
            else { return nil }
            numbers[parts[0]] = value
        }
        func whole(_ name: String, _ standard: Int) -> Int {
            numbers[name].map { Int($0) } ?? standard
        }
        let standard = DecoderLimits.standard
        self.init(
            memoryBytes: whole("memory", standard.memoryBytes),
            wallSeconds: numbers["wall"] ?? standard.wallSeconds,
            cpuSeconds: whole("cpu", standard.cpuSeconds),
            maximumStillPixels: whole("still", standard.maximumStillPixels),
            maximumFramePixels: whole("frame", standard.maximumFramePixels),
            maximumFrames: whole("frames", standard.maximumFrames),
            maximumFileBytes: whole("file", standard.maximumFileBytes), sandbox: sandbox)
    }
}
