@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

/// What must agree after every step.
extension CatalogueWorld {
    func compare(_ step: String) throws {
        let files = try rows(
            """
            SELECT CAST(ltrim(CAST(directory || name AS TEXT), '/') AS TEXT) AS name, key,
                missing_since, is_current, hex(substr(identity, 1, 1)) AS content, state, attempts,
                interruptions, not_before
            FROM file JOIN job ON job.file_id = file.id JOIN volume ON volume.id = file.volume_id
            LEFT JOIN asset ON asset.id = asset_id ORDER BY file.id
            """)
        let expectedFiles = model.files.map { file in
            [
                file.name, file.volume, number(file.missingSince), file.isCurrent ? "1" : "0",
                file.asset.map(hex) ?? "", file.state.rawValue, "\(file.attempts)",
                "\(file.interruptions)", number(file.notBefore),
            ].joined(separator: " ")
        }
        #expect(files == expectedFiles, "\(step)")
        let works = try rows(
            """
            SELECT hex(substr(identity, 1, 1)) AS content, version, state, priority, number,
                work.attempts, interruptions, not_before, leased_until
            FROM work JOIN asset ON asset.id = asset_id JOIN recipe ON recipe.id = recipe_id
            ORDER BY work.id
            """)
        let expectedWorks = model.works.map { work in
            [
                hex(work.content), work.recipe, work.state.rawValue, "\(work.priority.rawValue)",
                "\(work.number)", "\(work.attempts)", "\(work.interruptions)",
                number(work.notBefore), number(work.until),
            ].joined(separator: " ")
        }
        #expect(works == expectedWorks, "\(step)")
        let assets = try rows("SELECT hex(substr(identity, 1, 1)) FROM asset ORDER BY identity")
        #expect(assets == model.assets.keys.sorted().map(hex), "\(step)")
        if clock.isMultiple(of: 20) { try catalogue.expectInvariants() }
    }

    func rows(_ sql: String) throws -> [String] {
        try catalogue.read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { value in
                    switch value.storage {
                    case .null: ""
                    case .int64(let integer): "\(integer)"
                    case .double(let double): number(double)
                    case .string(let text): text
                    case .blob(let data): String(decoding: data, as: UTF8.self)
                    }
                }.joined(separator: " ")
            }
        }
    }

    func number(_ value: Double?) -> String { value.map { "\(Int($0))" } ?? "" }

    func hex(_ content: UInt8) -> String {
        let digits = String(content, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}
