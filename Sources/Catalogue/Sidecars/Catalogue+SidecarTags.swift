public import Foundation
import GRDB
public import MediaDecoding

extension Catalogue {
    /// Takes what another program did to the model's tags in a sidecar for a person's word on them.
    ///
    /// A tag that Vignette had written there for a model, and that is gone, is removed, and stays so when a model names
    /// it again; where such a tag has come back, the removal is taken back. Both are edits like others. A sidecar that
    /// has lost what Vignette noted in it tells nothing: a program that drops what it does not know may have dropped
    /// the tags as well.
    ///
    /// - Parameters:
    ///   - facts: What the sidecar says.
    ///   - base: What this catalogue wrote there last.
    ///   - file: The picture's number.
    ///   - now: The moment.
    /// - Returns: Whether anything was edited.
    /// - Throws: `CatalogueError`.
    @discardableResult
    public func heedTags(
        of facts: SidecarFacts, writtenLast base: SidecarBase, file: Int64, at now: Date = Date()
    ) throws(CatalogueError) -> Bool {
        guard let edition = base.written.edition, facts.record?.edition == edition else {
            return false
        }
        let there = Set(
            (facts.texts.keywords + facts.texts.keywordPaths.map { $0.joined(separator: "/") })
                .map { $0.lowercased() })
        let found: (asset: Int64, edit: TextEdit)? = try read { database in
            let asset = try Int64.fetchOne(
                database.cachedStatement(
                    sql: "SELECT asset_id FROM file WHERE id = ? AND is_current = 1"),
                arguments: [file])
            guard let asset, let told = try database.primary(of: asset) ?? asset as Int64? else {
                return nil
            }
            let gone = Set(base.written.modelTags.map { $0.lowercased() }).subtracting(there)
            let edit = TextEdit(
                taken: try gone.sorted().filter {
                    try database.personalTag($0, of: told) == nil
                },
                withdrawn: try database.tagsRemovedElsewhere(told).filter(there.contains).sorted())
            return edit == TextEdit() ? nil : (told, edit)
        }
        guard let found else { return false }
        try edit([found.asset], found.edit, by: EditAuthor(.sidecar, name: ""), at: now)
        return true
    }

    /// What was written last for the pictures that a sidecar may speak of, by their numbers.
    ///
    /// A sidecar that was never read before is not known as theirs yet, so they are found by its name.
    func sidecarBases(ofSidecar sidecar: Int64) throws(CatalogueError) -> [Int64: SidecarBase] {
        try read { database in
            try database.pictures(ofSidecar: sidecar).reduce(into: [:]) { bases, picture in
                let base = try String.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT base FROM sidecar_write WHERE file_id = ?"),
                    arguments: [picture])
                if let base { bases[picture] = SidecarBase(stored: base) }
            }
        }
    }
}

extension Database {
    /// The tags of an asset that are removed because a sidecar lost them.
    fileprivate func tagsRemovedElsewhere(_ asset: Int64) throws -> [String] {
        let removed = try String.fetchAll(
            cachedStatement(
                sql: """
                    SELECT name FROM removed_tag JOIN tag ON tag.id = tag_id
                    WHERE asset_id = ? AND source = 'human'
                    """), arguments: [asset])
        guard !removed.isEmpty else { return [] }
        let records = try edits(of: asset)
        return removed.filter { name in
            records.last { $0.change.tags?[name] != nil }?.author.origin == .sidecar
        }
    }
}
