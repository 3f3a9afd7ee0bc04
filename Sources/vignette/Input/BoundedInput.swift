import ArgumentParser
import Catalogue
import FileSystem
import Foundation
import SystemPackage

/// Texts that are read from files and from standard input, within bounds.
enum BoundedInput {
    /// The most bytes of a line of edits or of an export.
    private static let mostLineBytes = 32 << 20

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
        var lines = BoundedLines(of: file, limit: mostLineBytes)
        while let line = try lines.next() {
            number += 1
            guard case .whole(let bytes) = line else {
                throw ValidationError("line \(number) has more than \(mostLineBytes) bytes")
            }
            if !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
                try body(number, Data(bytes))
            }
        }
    }
}
