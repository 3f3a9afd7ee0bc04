import Foundation
import SystemPackage

extension Data {
    /// Writes to a path that need not be text; unlike Foundation, in place and with every byte of
    /// the name kept.
    func write(toExactly path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter {
            _ = try withUnsafeBytes { try file.writeAll($0) }
        }
    }

    /// Reads what stands at a path that need not be text.
    init(exactly path: FilePath) throws {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        self = try file.closeAfter {
            var data = Data()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return data }
                data.append(contentsOf: buffer[..<count])
            }
        }
    }
}
