@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

/// Commands of the built program that are killed while they change a catalogue of many rows.
///
/// One at a time, so that a command takes about as long as when it was measured.
@Suite(.serialized) struct ProgramCrashTests {
    /// Rows enough for a command to take a while.
    private static let files = KilledProgram.kills(6000, soak: 50_000)

    /// What stays as it is whatever is killed.
    private struct Holdings: Equatable {
        var files: Int
        var descriptions: Int
        var texts: String
    }

    @Test func anUpgradeIsRepeatedAndLosesNothing() async throws {
        var program = try KilledProgram(["scan", "EMPTY"], seed: 1) {
            try VersionOne.make(at: $0, files: Self.files)
        }
        try program.restore()
        let before = try holdings(program)
        var interrupted = 0
        for _ in 0..<KilledProgram.kills(20, soak: 150) {
            let result = try await program.kill()
            try expectWhole(program)
            #expect(try holdings(program) == before, "\(result)")
            guard try program.read(isUpToDate) else {
                interrupted += 1
                continue
            }
            try expectInvariants(program)
            try program.restore()
        }
        print("\(interrupted) of \(program.kills) kills came before the upgrade was done")
        // On a busy machine each of a few kills may come too late.
        if KilledProgram.isLong { #expect(interrupted > 0) }
        let last = try program.run()
        #expect(last.status == 0)
        #expect(last.errorText.contains("bringing the catalogue up to date: 100 %"), "\(last)")
        #expect(try program.read(isUpToDate))
        try expectInvariants(program)
        #expect(try holdings(program) == before)
    }

    @Test func whatIsWantedAgainIsWantedWhenItWasSaid() async throws {
        var program = try KilledProgram(["redo"], seed: 2, prepare: upToDate)
        try program.restore()
        let before = try holdings(program)
        #expect(try program.run().status == 0)
        let all = try program.read(works)
        #expect(all > Self.files / 2)
        try program.restore()
        for kill in 0..<KilledProgram.kills(10, soak: 50) {
            let result = try await program.kill()
            try expectWhole(program)
            if result.text.contains("will be described again") {
                #expect(try program.read(works) == all, "\(result)")
            }
            #expect(try holdings(program) == before)
            guard kill.isMultiple(of: 5) else { continue }
            #expect(try program.run().status == 0)
            #expect(try program.read(works) == all, "the rest is asked for, and nothing twice")
            try expectInvariants(program)
            try program.restore()
        }
    }

    @Test func whatIsForgottenIsForgottenWholeWhenItWasSaid() async throws {
        var program = try KilledProgram(
            ["forget", "/photos", "--yes"], seed: 3, prepare: upToDate)
        try program.restore()
        let others = try program.read { try count($0, Self.films) }
        for kill in 0..<KilledProgram.kills(10, soak: 50) {
            let result = try await program.kill()
            try expectWhole(program)
            #expect(try program.read { try count($0, Self.films) } == others)
            if result.text.hasPrefix("forgot ") {
                #expect(try program.read { try count($0, Self.photos) } == 0, "\(result)")
            }
            guard kill.isMultiple(of: 5) else { continue }
            #expect(try program.run().status == 0)
            #expect(try program.read { try count($0, Self.photos) } == 0)
            try expectInvariants(program)
            try program.restore()
        }
    }

    @Test func filesAreTriedAgainAllOrNone() async throws {
        var program = try KilledProgram(["retry", "--all"], seed: 4, prepare: upToDate)
        try program.restore()
        let failed = "SELECT count(*) FROM job WHERE state = 'failed'"
        let before = try program.read { try count($0, failed) }
        #expect(before > 0)
        for _ in 0..<KilledProgram.kills(5, soak: 25) {
            let result = try await program.kill()
            try expectWhole(program)
            let left = try program.read { try count($0, failed) }
            #expect(left == 0 || left == before)
            if result.text.contains("will be tried again") { #expect(left == 0, "\(result)") }
            try expectInvariants(program)
            try program.restore()
        }
    }

    /// The owner copies a long log back as it closes.
    @Test func aCheckpointIsRepeatedAndLosesNothing() async throws {
        let wanted = try KilledProgram(["redo"], seed: 5, prepare: upToDate)
        try wanted.restore()
        #expect(try wanted.run().status == 0)
        let before = try holdings(wanted)
        let all = try wanted.read(works)
        let log = FilePath(wanted.path.string + "-wal")
        let size = try FileManager.default.attributesOfItem(atPath: log.string)[.size] as? Int
        #expect(size ?? 0 > 1 << 20, "a log to copy")

        var program = try KilledProgram(["scan", "EMPTY"], seed: 5) { template in
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: wanted.path.string + suffix, toPath: template.string + suffix)
            }
        }
        for kill in 0..<KilledProgram.kills(15, soak: 75) {
            // Now and then what a kill has left is gone on with.
            if !kill.isMultiple(of: 3) { try program.restore() }
            let result = try await program.kill()
            try expectWhole(program)
            #expect(try holdings(program) == before, "\(result)")
            #expect(try program.read(works) == all)
        }
        try expectInvariants(program)
    }

    // MARK: What is looked at

    private static let photos =
        "SELECT count(*) FROM file JOIN root ON root.id = root_id WHERE path = CAST('/photos' AS BLOB)"
    private static let films =
        "SELECT count(*) FROM file JOIN root ON root.id = root_id WHERE path = CAST('/films' AS BLOB)"

    /// Makes a catalogue that this version has brought up to date.
    private func upToDate(at path: FilePath) throws {
        try VersionOne.make(at: path, files: Self.files)
        try Catalogue(at: path, access: .owner).close()
    }

    private func isUpToDate(_ database: Database) throws -> Bool {
        try Schema.migrator().hasCompletedMigrations(database)
    }

    private func works(_ database: Database) throws -> Int {
        try count(database, "SELECT count(*) FROM work WHERE kind = 'describe' AND priority = 1")
    }

    private func count(_ database: Database, _ sql: String) throws -> Int {
        try Int.fetchOne(database, sql: sql) ?? 0
    }

    private func holdings(_ program: KilledProgram) throws -> Holdings {
        try program.read { database in
            Holdings(
                files: try count(database, "SELECT count(*) FROM file"),
                descriptions: try count(database, "SELECT count(*) FROM described"),
                texts: try String.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) || ' ' || sum(length(text)) || ' ' || sum(asset_id)
                        FROM description
                        """) ?? "")
        }
    }

    private func expectWhole(_ program: KilledProgram) throws {
        #expect(
            try program.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        #expect(
            try program.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }.isEmpty)
    }

    private func expectInvariants(_ program: KilledProgram) throws {
        let catalogue = try Catalogue(at: program.path, access: .owner)
        defer { catalogue.close() }
        try catalogue.expectInvariants()
    }
}
