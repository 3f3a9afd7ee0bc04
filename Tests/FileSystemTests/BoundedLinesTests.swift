import TestSupport
import Testing

@testable import FileSystem

@Suite struct BoundedLinesTests {
    /// The lines of a text that comes in pieces of `step` bytes.
    private func lines(
        _ text: String, limit: Int = 8, step: Int
    ) throws -> [BoundedLines.Line] {
        var rest = Array(text.utf8)[...]
        var lines = BoundedLines(limit: limit, bufferBytes: step) { buffer in
            let part = rest.prefix(buffer.count)
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
        var found: [BoundedLines.Line] = []
        while let line = try lines.next() { found.append(line) }
        return found
    }

    /// Whoever appends to what was cut begins there.
    @Test(arguments: [1, 3, 64]) func tellWhereTheLastEndedThatHasAnEnd(step: Int) throws {
        var rest = Array("ab\n123456789\n\nhalf".utf8)[...]
        var lines = BoundedLines(limit: 4, bufferBytes: step) { buffer in
            let part = rest.prefix(buffer.count)
            buffer.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
        var ends: [Int64] = []
        while try lines.next() != nil { ends.append(lines.ended) }
        #expect(ends == [3, 13, 14, 14])
    }

    private func whole(_ text: String) -> BoundedLines.Line { .whole(Array(text.utf8)) }

    @Test(arguments: [1, 2, 3, 7, 64]) func areTheSameHoweverTheyCome(step: Int) throws {
        #expect(
            try lines("abc\n\n12345678\n123456789\nd\n1234567890123", step: step)
                == [whole("abc"), whole(""), whole("12345678"), .tooLong, whole("d"), .tooLong])
        #expect(try lines("", step: step).isEmpty)
        #expect(try lines("end", step: step) == [whole("end")])
    }
}
