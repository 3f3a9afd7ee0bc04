public import Catalogue
import Digests
import FileSystem
public import MediaDecoding
public import SystemPackage

/// What became of a picture's sidecar.
public struct SidecarResult: Equatable, Sendable {
    /// What was done, or would be.
    public enum Outcome: Equatable, Sendable {
        /// It says already what it should.
        case upToDate
        /// It was written.
        case written(isNew: Bool)
        /// It could not be; the text completes "FILE: …".
        case failed(String)
    }

    /// A field as it is and as it becomes.
    public struct Change: Equatable, Sendable {
        /// Its name: `caption`, `title`, `alternative text`, `tags`.
        public var field: String
        /// What it says, `nil` for nothing.
        ///
        /// Of tags, one that is taken out.
        public var before: String?
        /// What it will say, `nil` for nothing.
        ///
        /// Of tags, one that is added.
        public var after: String?
    }

    /// The picture.
    public var picture: FilePath
    /// The sidecar, as far as it is known which.
    public var sidecar: FilePath?
    /// What was done.
    public var outcome: Outcome
    /// What is different.
    public var changes: [Change] = []
    /// Where people disagree.
    public var conflicts: [SidecarConflict] = []
}

/// Brings sidecars and the catalogue in line, one picture at a time.
///
/// Used by one thread at a time, like its decoder.
public struct SidecarSync: Sendable {
    /// The program as it stands in sidecars.
    public static let writer = "Vignette 0.1.0"
    /// How often a sidecar is begun anew that somebody changes meanwhile.
    private static let mostTries = 5

    private let catalogue: Catalogue
    private let decoder: Decoder
    private let library: String
    private let locator: SidecarLocator
    private let isDryRun: Bool
    private let prefersHere: Bool

    /// Prepares.
    ///
    /// - Parameters:
    ///   - catalogue: Opened for writing, unless this is a dry run.
    ///   - decoder: Parses and edits.
    ///   - naming: What new sidecars are called.
    ///   - isDryRun: Whether nothing is to be written, neither in folders nor in the catalogue.
    ///   - prefersHere: Whether people's texts here take the place of those in sidecars that they conflict with.
    /// - Throws: `CatalogueError`.
    public init(
        catalogue: Catalogue, decoder: Decoder, naming: SidecarNaming, isDryRun: Bool = false,
        prefersHere: Bool = false
    ) throws(CatalogueError) {
        self.catalogue = catalogue
        self.decoder = decoder
        library = try catalogue.libraryName()
        locator = SidecarLocator(naming: naming)
        self.isDryRun = isDryRun
        self.prefersHere = prefersHere
    }

    /// Brings one picture's sidecar in line.
    ///
    /// - Parameter task: The picture and what is to be said.
    /// - Returns: What was done. Failures are among it, and are noted in the catalogue.
    /// - Throws: `CatalogueError`.
    public func bring(_ task: SidecarTask) throws(CatalogueError) -> SidecarResult {
        let words = task.words.digest
        do throws(SidecarError) {
            for _ in 0..<Self.mostTries {
                let made: Attempt? = try attempt(task, words)
                guard let attempt = made else { continue }
                if !isDryRun, let there = attempt.there, let base = task.last?.base {
                    try heed(there, base, of: task)
                }
                if let write = attempt.write, !isDryRun, write != task.last {
                    try note(write, of: task, attempt.result.conflicts)
                }
                return attempt.result
            }
            throw SidecarError("is changed again and again by another program")
        } catch {
            if !isDryRun, task.last?.failure != error.reason {
                try catalogue.note(failure: error.reason, of: task.file)
            }
            return SidecarResult(
                picture: task.root.pushing(task.path), outcome: .failed(error.reason))
        }
    }

    private func note(
        _ write: SidecarWrite, of task: SidecarTask, _ conflicts: [SidecarConflict]
    ) throws(SidecarError) {
        do throws(CatalogueError) {
            try catalogue.record(write, of: task.file, conflicts: conflicts)
        } catch {
            throw SidecarError("was brought in line, which could not be noted: \(error)")
        }
    }

    /// Takes note of the model's tags that other programs took out or put back.
    private func heed(
        _ there: SidecarFacts, _ base: SidecarBase, of task: SidecarTask
    ) throws(SidecarError) {
        do throws(CatalogueError) {
            try catalogue.heedTags(of: there, writtenLast: base, file: task.file)
        } catch {
            throw SidecarError("has lost tags elsewhere, which could not be noted: \(error)")
        }
    }

    private struct Attempt {
        var result: SidecarResult
        /// What the sidecar said; `nil` where it was not looked at, or is none.
        var there: SidecarFacts?
        /// What is to be noted; `nil` for nothing new.
        var write: SidecarWrite?
    }

    /// One try; `nil` where somebody changed the sidecar meanwhile.
    private func attempt(
        _ task: SidecarTask, _ words: [UInt8]
    ) throws(SidecarError) -> Attempt? {
        guard let picture = task.path.lastComponent else { throw SidecarError("has no name") }
        let folder = try SidecarFolder(of: task.path, below: task.root)
        // Below an empty mount point nothing may be made.
        guard try folder.status(of: picture) != nil else {
            throw SidecarError("is not there")
        }
        let above = task.root.pushing(task.path).removingLastComponent()
        let existing = try locator.existing(for: task, picture, in: folder) {
            name throws(SidecarError) in try facts(above.appending(name), task).fileExtension
        }
        let name: FilePath.Component
        if let existing {
            name = existing
        } else {
            name = try locator.new(for: task, picture, in: folder)
        }
        let sidecar = above.appending(name)
        let old = try folder.contents(of: name, limit: SidecarEdit.maximumSidecar)
        let content = old.map(Self.digest) ?? []
        var result = SidecarResult(
            picture: task.root.pushing(task.path), sidecar: sidecar, outcome: .upToDate)
        if let last = task.last, last.failure == nil, last.words == words, last.content == content,
            !prefersHere
        {
            result.conflicts = try conflicts(of: result.picture)
            return Attempt(result: result, write: nil)
        }
        let there = old == nil ? nil : try facts(sidecar, task)
        var merge = SidecarMerge(
            task.words, into: there, last: Self.base(task.last, there?.record),
            writer: Self.writer, library: library, edition: Self.edition(),
            prefersHere: prefersHere)
        result.conflicts = merge.conflicts
        result.changes = merge.changes
        let outcome = SidecarWrite(content: content, words: words, base: merge.base)
        guard !merge.edit.isEmpty else {
            return Attempt(result: result, there: there, write: outcome)
        }
        if old == nil, !name.bytes.starts(with: picture.bytes) {
            merge.edit.fileExtension = picture.extension?.lowercased()
        }
        let new = try edited(merge.edit, old == nil ? nil : sidecar, task)
        guard new != old else {
            return Attempt(result: result, there: there, write: outcome)
        }
        result.outcome = .written(isNew: old == nil)
        guard !isDryRun else { return Attempt(result: result, write: nil) }
        try begin(merge.base, task)
        let isWritten = try folder.replace(name, with: new, insteadOf: old, beside: picture) {
            part throws(SidecarError) in
            try check(merge, against: facts(above.appending(part), task), before: there)
        }
        guard isWritten else { return nil }
        return Attempt(
            result: result, there: there,
            write: SidecarWrite(content: Self.digest(new), words: words, base: merge.base))
    }

    /// What was agreed on last: what a write was to lead to that was begun, if the sidecar is of that edition.
    private static func base(_ last: SidecarWrite?, _ record: SidecarRecord?) -> SidecarBase? {
        if let next = last?.next, let edition = record?.edition, next.written.edition == edition {
            return next
        }
        return last.flatMap { $0.base == SidecarBase() ? nil : $0.base }
    }

    private static func edition() -> String {
        (0..<8).map { _ in UInt8.random(in: 0...255) }.hexadecimal
    }

    private func begin(_ next: SidecarBase, _ task: SidecarTask) throws(SidecarError) {
        do throws(CatalogueError) {
            try catalogue.begin(next, of: task.file)
        } catch {
            throw SidecarError("cannot be noted beforehand: \(error)")
        }
    }

    private func conflicts(of picture: FilePath) throws(SidecarError) -> [SidecarConflict] {
        do throws(CatalogueError) {
            return try catalogue.sidecarConflicts(below: [picture]).map(\.conflict)
        } catch {
            throw SidecarError("\(error)")
        }
    }

    /// Looks at what was made with the eyes of another parser: it must say what was wanted, and otherwise what it
    /// said before.
    private func check(
        _ merge: SidecarMerge, against made: SidecarFacts, before: SidecarFacts?
    ) throws(SidecarError) {
        let before = before ?? SidecarFacts()
        let isAsWanted =
            made.texts.caption == (merge.edit.caption.map(\.text) ?? before.texts.caption)
            && made.texts.title == (merge.edit.title.map(\.text) ?? before.texts.title)
            && made.record?.sorted == (merge.edit.record ?? before.record)?.sorted
        let isElseTheSame =
            made.texts.rating == before.texts.rating && made.takenAt == before.takenAt
            && made.createdAt == before.createdAt && made.latitude == before.latitude
            && made.longitude == before.longitude
            && made.texts.extendedDescription == before.texts.extendedDescription
        guard isAsWanted, isElseTheSame else {
            throw SidecarError(
                "is written in a way that cannot be edited safely, and is left as it is")
        }
    }

    private func facts(_ path: FilePath, _ task: SidecarTask) throws(SidecarError) -> SidecarFacts {
        do throws(DecodingError) {
            return try decoder.sidecar(path, beneath: task.root)
        } catch {
            throw SidecarError(error, path)
        }
    }

    private func edited(
        _ edit: SidecarEdit, _ path: FilePath?, _ task: SidecarTask
    ) throws(SidecarError) -> [UInt8] {
        do throws(DecodingError) {
            return try decoder.edited(edit, of: path, beneath: task.root)
        } catch {
            throw SidecarError(error, path)
        }
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = MessageDigest()
        digest.update(bytes)
        return digest.finalize()
    }
}

extension SidecarError {
    init(_ error: DecodingError, _ path: FilePath?) {
        let name = path?.lastComponent.map { "\($0) " } ?? ""
        switch error {
        case .unreadable(_, let code): self.init(code, "\(name)cannot be read")
        case .rejected(_, let reason): self.init(name + reason)
        case .childFailed(_, let reason): self.init("\(name)cannot be read: \(reason)")
        case .cancelled: self.init("was given up")
        }
    }
}

extension SidecarMerge {
    /// What it does, field by field.
    var changes: [SidecarResult.Change] {
        let texts: [(String, SidecarEdit.Text?)] = [
            ("caption", edit.caption), ("title", edit.title),
            ("alternative text", edit.alternativeText),
        ]
        return texts.compactMap { field, change in
            change.map { .init(field: field, before: $0.former, after: $0.text) }
        }
            + edit.removedTags.map {
                .init(field: "tags", before: $0.joined(separator: "/"), after: nil)
            }
            + edit.addedTags.map {
                .init(field: "tags", before: nil, after: $0.joined(separator: "/"))
            }
    }
}

extension SidecarWords {
    /// Tells these words from others.
    var digest: [UInt8] {
        var digest = MessageDigest()
        let lists = [humanTags, modelTags, removedTags]
        let parts: [String?] =
            [caption?.text, caption?.author.rawValue, title?.text, title?.author.rawValue, model]
            + lists.flatMap { [String($0.count)] + $0 }
        for part in parts {
            digest.update(Array("\(part.map { String($0.utf8.count) } ?? "-"):\(part ?? "")".utf8))
        }
        return digest.finalize()
    }
}
