import FileSystem
import SystemPackage

/// What a name alone says about an entry.
enum NameClass: Equatable {
    /// Hidden, partial or another program's: neither looked at nor into.
    case ignored
    /// One of the files that steer what is ignored.
    case control
    case still
    case video
    /// What a person's program wrote about a picture beside it.
    case sidecar
    /// No media by its name; it may still be a directory.
    case other

    /// Whether a file of this name is reported.
    var isReported: Bool {
        self == .still || self == .video || self == .sidecar
    }
}

/// Tells names apart, by their bytes.
struct NameRules: Sendable {
    /// The files that steer what is ignored in their directory and below.
    enum ControlFile {
        static let noMedia = FilePath.Component(".nomedia")
        static let noImage = FilePath.Component(".noimage")
        static let noVideo = FilePath.Component(".novideo")
        static let ignore = FilePath.Component(".vignetteignore")
        static let all = [noMedia, noImage, noVideo, ignore]
    }

    private static let controlNames = ControlFile.all.map(\.bytes)
    private let ignoredNames: Set<[UInt8]>
    private let partialSuffixes: [[UInt8]]
    private let stillExtensions: Set<String>
    private let videoExtensions: Set<String>
    private let sidecarExtensions: Set<String>

    init(_ options: WatchOptions) {
        ignoredNames = Set(options.ignoredNames.map { Array($0.utf8) })
        partialSuffixes = options.partialSuffixes.map { Array($0.utf8) }
        stillExtensions = options.stillExtensions
        videoExtensions = options.videoExtensions
        sidecarExtensions = options.sidecarExtensions
    }

    /// Classifies a name.
    func classify(_ name: FilePath.Component) -> NameClass {
        name.bytes.withUnsafeBytes { classify($0) }
    }

    /// Classifies a name by its bytes.
    func classify(_ name: UnsafeRawBufferPointer) -> NameClass {
        if name.first == UInt8(ascii: ".") {
            let isControl = Self.controlNames.contains { $0.elementsEqual(name) }
            return isControl ? .control : .ignored
        }
        if ignoredNames.contains(Array(name)) { return .ignored }
        if partialSuffixes.contains(where: { Self.name(name, endsWith: $0) }) { return .ignored }
        let suffix = fileExtension(name)
        if stillExtensions.contains(suffix) { return .still }
        if videoExtensions.contains(suffix) { return .video }
        return sidecarExtensions.contains(suffix) ? .sidecar : .other
    }

    /// A name's extension in lower case without the dot; empty if it has none, or none to speak of.
    func fileExtension(_ name: UnsafeRawBufferPointer) -> String {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), name.count - dot <= 16 else {
            return ""
        }
        return String(decoding: name[(dot + 1)...].lazy.map(Self.lowercased), as: UTF8.self)
    }

    private static func name(_ name: UnsafeRawBufferPointer, endsWith suffix: [UInt8]) -> Bool {
        name.suffix(suffix.count).lazy.map(lowercased).elementsEqual(suffix)
    }

    /// ASCII only: other letters have no lower case that every file system agrees on.
    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
