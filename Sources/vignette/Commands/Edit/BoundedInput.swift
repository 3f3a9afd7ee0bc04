import ArgumentParser
import Catalogue
import Foundation
import SystemPackage

/// Texts that are read from files and from standard input, within bounds.
enum BoundedInput {
    /// The most bytes of a line of edits.
    private static let mostLineBytes = 1_048_576

    /// All of standard input as text.
    static func text() throws -> String {
        var bytes = Data()
        while let more = try FileHandle.standardInput.read(upToCount: 65_536), !more.isEmpty {
            bytes += more
            guard bytes.count <= TextEdit.mostTextBytes else {
                throw ValidationError("a text has at most \(TextEdit.mostTextBytes) bytes")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ValidationError("standard input is no text in UTF-8")
        }
        return text
    }

    /// Hands on each line that is not empty of a file, or of standard input for `-`, with its number from 1.
    static func forEachLine(
        of path: FilePath, _ body: (_ number: Int, _ line: Data) throws -> Void
    ) throws {
        let isInput = path == FilePath("-")
        let file = isInput ? .standardInput : try FileDescriptor.open(path, .readOnly)
        defer { if !isInput { try? file.close() } }
        var number = 0
        var rest = Data()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 262_144, alignment: 1)
        defer { buffer.deallocate() }
        func take(_ line: Data) throws {
            number += 1
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
                try body(number, line)
            }
        }
        while case let count = try file.read(into: buffer), count > 0 {
            rest += UnsafeRawBufferPointer(rebasing: buffer[..<count])
            var start = rest.startIndex
            while let newline = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try take(Data(rest[start..<newline]))
                start = newline + 1
            }
            rest = Data(rest[start...])
            guard rest.count <= mostLineBytes else {
                throw ValidationError(
                    "line \(number + 1) has more than \(mostLineBytes) bytes")
            }
        }
        if !rest.isEmpty { try take(rest) }
    }
}
