import Catalogue
import Daemon

/// What the commands have in common that have files read once more.
struct ReadingAgain {
    /// What is read, one and several of it.
    let nouns: (one: String, many: String)
    /// Whether it is only counted.
    let isDryRun: Bool

    /// Queues files and says how many.
    ///
    /// - Parameters:
    ///   - common: Where the catalogue is, and how it is said.
    ///   - select: Queues or counts them.
    ///   - line: The same for programs.
    /// - Throws: `CatalogueError`, what `select` throws.
    func run(
        _ common: CommonOptions, _ select: (Catalogue) throws -> Int,
        line: (Int) -> some Encodable
    ) throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(
            at: settings.catalogue, access: isDryRun ? .reader : .visitor)
        defer { catalogue.close() }
        let count = try select(catalogue)
        if !isDryRun { WakeFile.touch(for: settings.catalogue) }
        if common.json { return try JSONLine.write(line(count)) }
        StandardOutput.write(
            "\(count) \(count == 1 ? nouns.one : nouns.many) \(isDryRun ? "would" : "will") be read again\n"
        )
    }
}
