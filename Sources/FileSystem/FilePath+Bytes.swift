import Glibc
public import SystemPackage

extension FilePath.Component {
    /// A name from its bytes, whatever their encoding; nil for nothing, and for bytes that are no
    /// single name.
    public init?(bytes: some Sequence<UInt8>) {
        var string = bytes.map { CChar(bitPattern: $0) }
        string.append(0)
        let component = string.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { FilePath.Component(platformString: $0) }
        }
        guard let component else { return nil }
        self = component
    }

    /// The name's bytes without the terminating zero.
    public var bytes: [UInt8] {
        withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
}

extension FilePath {
    /// A path from its bytes, whatever their encoding; what follows a zero byte is left out.
    public init(bytes: some Sequence<UInt8>) {
        var string = bytes.map { CChar(bitPattern: $0) }
        string.append(0)
        self = string.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
        }
    }

    /// The path's bytes without the terminating zero.
    public var bytes: [UInt8] {
        withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }

    /// Whether this is `/`.
    public var isFileSystemRoot: Bool {
        isAbsolute && components.isEmpty
    }

    /// What is left of the path below a folder that it begins with; nil if it does not.
    public func relative(to folder: FilePath) -> FilePath? {
        var path = self
        guard path.removePrefix(folder) else { return nil }
        return path
    }
}
