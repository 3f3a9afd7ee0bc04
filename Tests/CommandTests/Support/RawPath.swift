import Foundation
import Glibc
import SystemPackage

/// A path as the kernel takes it.
///
/// Where nothing is optimised, building a `FilePath` takes longer than changing the file behind it.
struct RawPath {
    /// With the zero at the end.
    private var bytes: [CChar]

    /// Takes over a path.
    init(_ path: FilePath) {
        bytes = path.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
        bytes.append(0)
    }

    /// The path of something in this folder.
    func appending(_ name: [UInt8]) -> RawPath {
        var path = self
        path.bytes[path.bytes.count - 1] = CChar(bitPattern: UInt8(ascii: "/"))
        path.bytes.append(contentsOf: name.lazy.map { CChar(bitPattern: $0) })
        path.bytes.append(0)
        return path
    }

    /// The path of something in this folder.
    func appending(_ name: String) -> RawPath { appending(Array(name.utf8)) }

    /// The same path as others take it.
    var filePath: FilePath { FilePath(platformString: bytes) }

    /// Gives it to a function of the system.
    func call<Result>(_ function: (UnsafePointer<CChar>) -> Result) -> Result {
        // The array ends with a zero, as such functions ask.
        bytes.withUnsafeBufferPointer { function($0.baseAddress.unsafelyUnwrapped) }
    }

    /// Makes or overwrites a file, or appends to one that is there.
    ///
    /// - Returns: Whether it could be opened.
    @discardableResult
    func write(_ data: Data, flags: Int32 = O_CREAT | O_TRUNC) -> Bool {
        let file = call { open($0, O_WRONLY | O_CLOEXEC | flags, 0o644) }
        guard file >= 0 else { return false }
        defer { close(file) }
        _ = data.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        return true
    }

    /// What stands in a file of at most 64 KiB.
    func read() -> Data? {
        let file = call { open($0, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { return nil }
        defer { close(file) }
        var data = Data(count: 1 << 16)
        let count = data.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        return count < 0 ? nil : data.prefix(count)
    }
}
