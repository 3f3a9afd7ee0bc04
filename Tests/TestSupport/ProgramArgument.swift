public import SystemPackage

/// One argument of a program, byte for byte: a path need not be text.
public struct ProgramArgument: ExpressibleByStringInterpolation, Sendable {
    let bytes: [UInt8]

    /// An argument that is text.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// An argument that is written in the source.
    public init(stringLiteral value: String) { self.init(value) }

    /// A path, with whatever bytes it has.
    public init(_ path: FilePath) {
        bytes = path.withPlatformString { pointer in
            var bytes: [UInt8] = []
            var rest = pointer
            while rest.pointee != 0 {
                bytes.append(UInt8(bitPattern: rest.pointee))
                rest += 1
            }
            return bytes
        }
    }
}
