import SystemPackage

extension FilePath.Component {
    /// A name from its bytes, whatever their encoding; nil for nothing, and for bytes that are no
    /// single name.
    init?(bytes: some Sequence<UInt8>) {
        var string = bytes.map { CChar(bitPattern: $0) }
        string.append(0)
        let component = string.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { FilePath.Component(platformString: $0) }
        }
        guard let component else { return nil }
        self = component
    }

    /// The name's bytes without the terminating zero.
    var bytes: [UInt8] {
        withPlatformString { pointer in
            var bytes: [UInt8] = []
            var index = 0
            while pointer[index] != 0 {
                bytes.append(UInt8(bitPattern: pointer[index]))
                index += 1
            }
            return bytes
        }
    }
}

extension FilePath {
    /// A path from its bytes, whatever their encoding; what follows a zero byte is left out.
    init(bytes: some Sequence<UInt8>) {
        var string = bytes.map { CChar(bitPattern: $0) }
        string.append(0)
        self = string.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
        }
    }

    /// The path's bytes without the terminating zero.
    var bytes: [UInt8] {
        withPlatformString { pointer in
            var bytes: [UInt8] = []
            var index = 0
            while pointer[index] != 0 {
                bytes.append(UInt8(bitPattern: pointer[index]))
                index += 1
            }
            return bytes
        }
    }
}
