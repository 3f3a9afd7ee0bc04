import FileSystem
import Foundation
import GRDB
import SystemPackage

/// An edit as a line of the journal, with all that a catalogue needs that has never seen the picture.
struct JournalEntry: Codable {
    var edit: String
    var at: Double
    var origin: String
    var author: String
    var undoes: String?
    var change: EditChange
    var asset: JournalAsset
}

/// What an asset is, as far as its row needs to be.
struct JournalAsset: Codable {
    /// Its identity in hexadecimal digits.
    var identity: String
    var kind: String
    var format: String
    var width: Int
    var height: Int
    var duration: Double?
}

/// A file beside the catalogue with every edit, a line of JSON each, only ever appended to.
///
/// A line is on the disk before the edit is in the catalogue, which knows up to where it has the file's edits. So a
/// catalogue that was restored from a copy, or made anew after a loss, gets people's words back when it is opened.
struct EditJournal {
    let path: FilePath

    /// No line is longer: two texts and a thousand tags of the largest size, before and after, each byte escaped as
    /// six.
    private static let mostLineBytes =
        12 * (2 * TextEdit.mostTextBytes + 2 * TextEdit.mostTags * TextEdit.mostTagBytes)
        + 65_536

    /// The journal of the catalogue at a path.
    init(of catalogue: FilePath) {
        path = FilePath(catalogue.string + "-edits.jsonl")
    }

    /// How long the file is, in bytes; 0 where it is not there.
    var size: Int64 {
        get throws {
            do {
                return try FileStatus(at: path).size
            } catch Errno.noSuchFileOrDirectory {
                return 0
            }
        }
    }

    /// Appends entries and waits until they are on the disk.
    ///
    /// - Parameters:
    ///   - entries: What to append.
    ///   - position: Where the file ends that the catalogue has; an incomplete line after it goes, since whoever
    ///     wrote it was killed.
    /// - Returns: Where the file ends now.
    /// - Throws: `Errno`, or JSON's errors.
    func append(_ entries: [JournalEntry], at position: Int64) throws -> Int64 {
        let isNew = try size == 0
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite])
        defer { try? file.close() }
        SharedFolder.share(file.rawValue, at: path)
        try file.resize(to: position)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Data()
        for entry in entries {
            bytes += try encoder.encode(entry)
            bytes.append(UInt8(ascii: "\n"))
        }
        try file.seek(offset: position, from: .start)
        try file.writeAll(bytes)
        guard fdatasync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        if isNew { try syncFolder() }
        return position + Int64(bytes.count)
    }

    private func syncFolder() throws {
        let folder = path.removingLastComponent()
        let directory = try FileDescriptor.open(
            folder.isEmpty ? "." : folder, .readOnly, options: [.directory, .closeOnExec])
        defer { try? directory.close() }
        guard fsync(directory.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Reads the whole lines from a place on; lines that are none of a journal are passed over.
    ///
    /// - Parameters:
    ///   - position: The place in bytes.
    ///   - body: Given each entry.
    /// - Returns: Where the last whole line ends.
    /// - Throws: `Errno`, and what the body throws.
    func read(from position: Int64, _ body: (JournalEntry) throws -> Void) throws -> Int64 {
        let file = try FileDescriptor.open(
            path, .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
        defer { try? file.close() }
        try file.seek(offset: position, from: .start)
        var lines = BoundedLines(of: file, limit: Self.mostLineBytes)
        var ended: Int64 = 0
        while let line = try lines.next() {
            // The last one, where somebody was killed who wrote it.
            guard lines.ended > ended else { break }
            ended = lines.ended
            if case .whole(let bytes) = line,
                let entry = try? JSONDecoder().decode(JournalEntry.self, from: Data(bytes))
            {
                try body(entry)
            }
        }
        return position + ended
    }
}
