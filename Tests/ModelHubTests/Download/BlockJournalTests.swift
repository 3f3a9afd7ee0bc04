import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct BlockJournalTests {
    private let directory: TemporaryDirectory
    private var path: FilePath { directory.path.appending("journal") }
    private static let digest = String(repeating: "ab", count: 32)

    init() throws { directory = try TemporaryDirectory() }

    private func open(_ identity: String = "id 10 2", blocks: Int = 5) throws -> BlockJournal {
        try BlockJournal(path, identity: identity, blockCount: blocks)
    }

    private func write(_ blocks: Int...) throws {
        var journal = try open()
        for block in blocks { try journal.note(block, sha256: Self.digest) }
    }

    @Test func whatWasNotedIsKnownAgain() throws {
        try write(0, 3)
        try write(4)
        let arrived = try open().arrived
        #expect(arrived == [0: Self.digest, 3: Self.digest, 4: Self.digest])
    }

    @Test func journalOfOtherBytesStartsEmpty() throws {
        try write(0)
        #expect(try open("other 10 2").arrived.isEmpty)
        #expect(try open().arrived.isEmpty, "and is overwritten")
    }

    /// A kill may cut the journal anywhere.
    @Test func everyBeginningIsReadUpToItsLastWholeLine() throws {
        try write(0, 1, 2)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path.string))
        for length in 0...whole.count {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path.string))
            var journal = try open()
            let lines = whole.prefix(length).filter { $0 == UInt8(ascii: "\n") }.count
            #expect(journal.arrived.count == max(0, lines - 1), "\(length) bytes")
            try journal.note(4, sha256: Self.digest)
            #expect(try open().arrived[4] == Self.digest, "\(length) bytes")
        }
    }

    @Test func damagedJournalNeverNamesABlockThatIsNone() throws {
        try write(0, 1, 2, 3)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path.string)))
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            try Data(mutated(whole, using: &generator)).write(to: URL(fileURLWithPath: path.string))
            let arrived = try open().arrived
            #expect(arrived.keys.allSatisfy { (0..<5).contains($0) })
            #expect(arrived.values.allSatisfy { $0.utf8.count == 64 })
        }
    }
}
