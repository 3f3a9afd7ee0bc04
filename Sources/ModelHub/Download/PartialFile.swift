import Digests
import Synchronization
import SystemPackage

/// A file that is being fetched: its bytes so far, and which of them are known to be good.
///
/// Threads write different blocks at once.
final class PartialFile: Sendable {
    let plan: PlannedFile
    let blockBytes: Int
    private let data: OpenFile
    private let dataPath: FilePath
    private let journalPath: FilePath
    private let state: Mutex<State>

    private struct State {
        var journal: BlockJournal
        var missing: Set<Int>
        /// Bytes that were kept or written, those of unfinished blocks among them.
        var arrived: Int64
    }

    /// Opens or begins a file; blocks that the journal knows are read again and kept where their
    /// digests agree.
    ///
    /// - Parameters:
    ///   - plan: What is fetched.
    ///   - folder: Where the partial download stands.
    ///   - blockBytes: Bytes of a block.
    ///   - stop: Ends the reading.
    ///   - kept: Is told of each block that is kept, in bytes.
    /// - Throws: `HubError` naming the file, `CancellationError`.
    init(
        _ plan: PlannedFile, in folder: PartialFolder, blockBytes: Int, stop: StopSignal,
        kept: (Int) -> Void = { _ in }
    ) throws {
        (self.plan, self.blockBytes) = (plan, blockBytes)
        dataPath = folder.data(plan.local)
        journalPath = folder.journal(plan.local)
        do {
            try folder.makeParents(of: dataPath)
            try folder.makeParents(of: journalPath)
            data = try OpenFile(writing: dataPath)
            var journal = try Self.openJournal(journalPath, plan, blockBytes)
            if data.size != plan.size {
                // Whatever the journal says, it does not say it of this file.
                if !journal.arrived.isEmpty {
                    journal = try Self.beginJournal(journalPath, plan, blockBytes)
                }
                try data.resize(plan.size)
            }
            let count = Self.blockCount(plan, blockBytes)
            var missing = Set(0..<count)
            var arrived: Int64 = 0
            for (block, sha256) in journal.arrived.sorted(by: { $0.key < $1.key }) {
                try stop.check()
                let range = Self.range(of: block, plan, blockBytes)
                let bytes = try data.read(at: range.lowerBound, count: range.count)
                guard MessageDigest.hash(bytes).hexadecimal == sha256 else { continue }
                missing.remove(block)
                arrived += Int64(range.count)
                kept(range.count)
            }
            state = Mutex(State(journal: journal, missing: missing, arrived: arrived))
        } catch let error as Errno {
            throw StorageFailure.error(dataPath, error)
        }
    }

    /// Runs of blocks that are missing, in order, none longer than asked.
    func missingRuns(longest: Int) -> [Range<Int>] {
        let missing = state.withLock { $0.missing.sorted() }
        return missing.reduce(into: []) { runs, block in
            if let last = runs.last, last.upperBound == block, last.count < longest {
                runs[runs.count - 1] = last.lowerBound..<block + 1
            } else {
                runs.append(block..<block + 1)
            }
        }
    }

    /// Bytes that a run of blocks has in the file.
    func bytes(of blocks: Range<Int>) -> Range<Int64> {
        let end = Int64(blocks.upperBound) * Int64(blockBytes)
        return Int64(blocks.lowerBound) * Int64(blockBytes)..<min(end, plan.size)
    }

    /// Writes bytes into a block that has not arrived.
    ///
    /// - Throws: `HubError` naming the file.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        do {
            try data.write(bytes, at: offset)
            state.withLock { $0.arrived += Int64(bytes.count) }
        } catch {
            throw StorageFailure.error(dataPath, error)
        }
    }

    /// Notes that a block has arrived.
    ///
    /// - Throws: `HubError` naming the journal.
    func finish(_ block: Int, sha256: String) throws {
        do {
            try state.withLock { state in
                try state.journal.note(block, sha256: sha256)
                state.missing.remove(block)
            }
        } catch let error as Errno {
            throw StorageFailure.error(journalPath, error)
        }
    }

    /// Forgets everything that has arrived.
    ///
    /// - Returns: How many bytes that were.
    /// - Throws: `HubError` naming the journal.
    func startOver() throws -> Int64 {
        do {
            return try state.withLock { state in
                defer { state.arrived = 0 }
                state.journal = try Self.beginJournal(journalPath, plan, blockBytes)
                state.missing = Set(0..<Self.blockCount(plan, blockBytes))
                return state.arrived
            }
        } catch let error as Errno {
            throw StorageFailure.error(journalPath, error)
        }
    }

    private static func openJournal(
        _ path: FilePath, _ plan: PlannedFile, _ blockBytes: Int
    ) throws(Errno) -> BlockJournal {
        let digest = plan.digest?.description ?? "-"
        return try BlockJournal(
            path, identity: "\(digest) \(plan.size) \(blockBytes)",
            blockCount: blockCount(plan, blockBytes))
    }

    private static func beginJournal(
        _ path: FilePath, _ plan: PlannedFile, _ blockBytes: Int
    ) throws(Errno) -> BlockJournal {
        try OpenFile(writing: path).resize(0)
        return try openJournal(path, plan, blockBytes)
    }

    private static func blockCount(_ plan: PlannedFile, _ blockBytes: Int) -> Int {
        Int((plan.size + Int64(blockBytes) - 1) / Int64(blockBytes))
    }

    private static func range(
        of block: Int, _ plan: PlannedFile, _ blockBytes: Int
    ) -> Range<Int64> {
        let start = Int64(block) * Int64(blockBytes)
        return start..<min(start + Int64(blockBytes), plan.size)
    }
}
