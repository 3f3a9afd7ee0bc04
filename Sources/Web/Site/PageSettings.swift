public import Captioning
public import Daemon
public import MediaDecoding
public import SystemPackage

/// What the page is told when it starts.
public struct PageSettings: Sendable {
    /// Where it listens; `nil` for a socket that it was handed, of the loopback interface.
    public var address: ListenAddress?
    /// Names beside the address by which it may be asked for, such as that of a proxy before it.
    public var names: [String]
    /// Addresses of proxies that are believed when they say whom they ask for (`X-Forwarded-For`).
    public var proxies: [String]
    /// The catalogue's file.
    public var catalogue: FilePath
    /// The folder for small pictures.
    public var cache: FilePath
    /// Bytes that small pictures may take.
    public var cacheBytes: Int64
    /// The chosen model: a folder or a name; `nil` to look for one.
    public var model: String?
    /// What the model is asked when it describes, as far as it looks at pictures otherwise.
    public var captioning: CaptioningSettings
    /// Threads that the model computes on; 0 for one a core.
    public var threads: Int
    /// Where models are.
    public var paths: StandardPaths
    /// The program `vignette-decoder`.
    public var decoder: FilePath
    /// What its children may use.
    public var decoderLimits: DecoderLimits
    /// Whether links out of all watched folders are followed.
    public var followsLinks: Bool

    /// Takes what concerns the page from all settings.
    public init(
        _ settings: Settings, paths: StandardPaths, decoder: FilePath, address: ListenAddress?,
        names: [String] = [], proxies: [String] = [], cacheBytes: Int64? = nil
    ) {
        self.address = address
        self.names = names
        self.proxies = proxies
        self.cacheBytes = cacheBytes ?? settings.thumbnailBytes
        self.paths = paths
        self.decoder = decoder
        catalogue = settings.catalogue
        cache = paths.cache.appending("thumbnails")
        model = settings.model
        captioning = settings.captioning
        threads = settings.threads
        decoderLimits = settings.decoderLimits
        followsLinks = settings.followsLinks
    }
}
