import Foundation
import SystemPackage

/// Short texts that the kernel offers as files.
enum SystemText {
    private static let limit = 64 << 10

    /// What a file says, without the end of its line; `nil` where there is none that can be read, or a longer one.
    static func read(_ path: FilePath) -> String? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
            return nil
        }
        let bytes = try? file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while bytes.count <= limit {
                let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            }
            return bytes
        }
        guard let bytes, bytes.count <= limit else { return nil }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
    }
}
