import FileSystem
import Foundation
import GRDB
import SystemPackage

/// Brings the tables in line with what was observed of one root, step by step.
///
/// Steps are small, so that they can be spread over several transactions. What is done is right whether
/// or not the rest is: an observation that is cut off is made again.
struct ObservationRecorder {
    /// Rows that a step changes at most.
    static let stepSize = 128

    let rootID: Int64
    /// Seconds since 1970.
    let now: Double
    private(set) var outcome = ObservationOutcome()
    /// What is left to do, the next step last.
    private var steps: [Step]
    /// What is known of volumes, within one transaction.
    private var scopes: [Volume: VolumeScope] = [:]

    private enum Step {
        case observation(FileObservation)
        case files(ListingProgress)
        case subdirectories(DirectoryListing)
        case missing(MissingRange)
    }

    init(_ observations: [FileObservation], rootID: Int64, now: Double) {
        self.rootID = rootID
        self.now = now
        steps = observations.reversed().map(Step.observation)
    }

    /// Forgets what may have changed since the last transaction.
    mutating func beginTransaction() {
        scopes.removeAll()
    }

    /// Does the next step.
    ///
    /// - Returns: Whether there are more.
    mutating func advance(in database: Database) throws -> Bool {
        guard let step = steps.popLast() else { return false }
        switch step {
        case .observation(.settled(let path, let status, let volume)):
            let (directory, name) = try PathBytes.split(path)
            try record(on: volume, in: database) { writer in
                try writer.record(
                    status, of: try writer.knownFile(directory, name), directory, name)
            }
        case .observation(.absent(let path, let volume)):
            try recordAbsence(of: path, on: volume, in: database)
        case .observation(.lostName(let status)):
            outcome.queued += try database.queueNames(of: status, at: now)
        case .observation(.listing(let listing)):
            steps.append(.subdirectories(listing))
            steps.append(.files(try ListingProgress(listing)))
        case .files(var progress):
            let isMore = try record(on: progress.volume, in: database) { writer in
                try progress.advance(with: &writer)
            }
            if isMore { steps.append(.files(progress)) }
        case .subdirectories(let listing): try recordSubdirectories(of: listing, in: database)
        case .missing(var range):
            let isMore = try record(on: range.volume, in: database) { writer in
                try range.advance(with: &writer)
            }
            if isMore { steps.append(.missing(range)) }
        }
        return !steps.isEmpty
    }

    /// Whatever stood at the path, a file or a directory with all below it, is missing.
    private mutating func recordAbsence(
        of path: FilePath, on volume: Volume, in database: Database
    ) throws {
        if !path.isEmpty {
            let (directory, name) = try PathBytes.split(path)
            try record(on: volume, in: database) { writer in
                if let known = try writer.knownFile(directory, name).own {
                    try writer.markMissing(known)
                }
            }
        }
        steps.append(.missing(MissingRange(try PathBytes.directory(path), on: volume)))
    }

    private mutating func recordSubdirectories(
        of listing: DirectoryListing, in database: Database
    ) throws {
        let directory = try PathBytes.directory(listing.directory)
        let kept = Set((listing.subdirectories + listing.unknown).map { PathBytes.bytes($0) })
        for name in try database.subdirectories(rootID, of: directory) where !kept.contains(name) {
            let gone = directory + name + Data([UInt8(ascii: "/")])
            steps.append(.missing(MissingRange(gone, on: listing.volume)))
        }
    }

    private mutating func record<Value>(
        on volume: Volume, in database: Database, _ body: (inout FileWriter) throws -> Value
    ) throws -> Value {
        let scope = try scopes[volume] ?? database.scope(of: volume, in: rootID)
        scopes[volume] = scope
        var writer = FileWriter(
            database: database, rootID: rootID, scope: scope, now: now, outcome: outcome)
        defer { outcome = writer.outcome }
        return try body(&writer)
    }
}

/// The files of a directory and of all below it, on one volume, that are gone.
private struct MissingRange {
    let volume: Volume
    private let end: Data
    /// The last row that was dealt with.
    private var directory: Data
    private var name = Data([0])
    private var volumeID: Int64 = 0

    init(_ directory: Data, on volume: Volume) {
        self.volume = volume
        self.directory = directory
        end = PathBytes.end(of: directory)
    }

    /// - Returns: Whether there are more.
    mutating func advance(with writer: inout FileWriter) throws -> Bool {
        let rows = try Row.fetchAll(
            writer.database.cachedStatement(sql: Database.presentFilesSQL),
            arguments: [
                writer.rootID, directory, name, volumeID, end, writer.rootID, writer.scope.key,
                ObservationRecorder.stepSize,
            ])
        for row in rows { try writer.markMissing(KnownFile(row)) }
        guard rows.count == ObservationRecorder.stepSize, let last = rows.last else { return false }
        directory = last["directory"]
        name = last["name"]
        volumeID = last["volume_id"]
        return true
    }
}
