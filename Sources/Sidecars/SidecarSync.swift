public import Catalogue
import Digests
import FileSystem
public import MediaDecoding
public import SystemPackage

/// Brings sidecars and the catalogue in line, one picture at a time.
///
/// Used by one thread at a time, like its decoder.
public struct SidecarSync: Sendable {
    /// The program as it stands in sidecars.
    public static let writer = "Vignette 0.1.0"
    /// How often a sidecar is begun anew that somebody changes meanwhile.
    private static let mostTries = 5

    let catalogue: Catalogue
    private let decoder: Decoder
    let library: String
    let locator: SidecarLocator
    let apart: FilePath?
    let isDryRun: Bool
    let prefersHere: Bool

    /// Prepares.
    ///
    /// - Parameters:
    ///   - catalogue: Opened for writing, unless this is a dry run.
    ///   - decoder: Parses and edits.
    ///   - naming: What new sidecars are called.
    ///   - folder: Where sidecars are kept apart from their pictures; `nil` for beside them.
    ///   - isDryRun: Whether nothing is to be written, neither in folders nor in the catalogue.
    ///   - prefersHere: Whether people's texts here take the place of those in sidecars that they conflict with.
    /// - Throws: `CatalogueError`.
    public init(
        catalogue: Catalogue, decoder: Decoder, naming: SidecarNaming, folder: FilePath? = nil,
        isDryRun: Bool = false, prefersHere: Bool = false
    ) throws(CatalogueError) {
        self.catalogue = catalogue
        self.decoder = decoder
        library = try catalogue.libraryName()
        locator = SidecarLocator(naming: naming)
        apart = folder
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
                    try note(write, of: task, attempt)
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
        _ write: SidecarWrite, of task: SidecarTask, _ attempt: Attempt
    ) throws(SidecarError) {
        do throws(CatalogueError) {
            try catalogue.record(
                write, of: task.file, conflicts: attempt.result.conflicts,
                apartAt: attempt.placeApart)
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
        /// Where the sidecar lies in the folder that holds them apart.
        var placeApart: FilePath?
        /// What the sidecar said; `nil` where it was not looked at, or is none.
        var there: SidecarFacts?
        /// What is to be noted; `nil` for nothing new.
        var write: SidecarWrite?
    }

    /// One try; `nil` where somebody changed the sidecar meanwhile.
    private func attempt(
        _ task: SidecarTask, _ words: [UInt8]
    ) throws(SidecarError) -> Attempt? {
        let place = try place(of: task)
        let old = try place.contents(limit: SidecarEdit.maximumSidecar)
        let content = old.map(Self.digest) ?? []
        var attempt = Attempt(
            result: SidecarResult(
                picture: task.root.pushing(task.path), sidecar: place.path, outcome: .upToDate),
            placeApart: place.placeApart)
        if let last = task.last, last.failure == nil, last.words == words, last.content == content,
            last.isApart == place.isApart, !prefersHere
        {
            attempt.result.conflicts = try conflicts(of: attempt.result.picture)
            return attempt
        }
        attempt.there = old == nil ? nil : try facts(place.path, beneath: place.top)
        var merge = SidecarMerge(
            task.words, into: attempt.there, last: Self.base(task.last, attempt.there, at: place),
            writer: Self.writer, library: library, edition: Self.edition(),
            prefersHere: prefersHere)
        attempt.result.conflicts = merge.conflicts
        attempt.result.changes = merge.changes
        attempt.write = SidecarWrite(
            content: content, words: words, base: merge.base, isApart: place.isApart)
        guard !merge.edit.isEmpty else { return attempt }
        if old == nil { merge.edit.fileExtension = place.fileExtension }
        let new = try edited(merge.edit, old == nil ? nil : place)
        guard new != old else { return attempt }
        attempt.result.outcome = .written(isNew: old == nil)
        attempt.write?.content = Self.digest(new)
        guard !isDryRun else { return attempt }
        try begin(merge.base, task)
        return try write(new, insteadOf: old, at: place, merge, attempt.there) ? attempt : nil
    }

    private func write(
        _ new: [UInt8], insteadOf old: [UInt8]?, at place: SidecarPlace, _ merge: SidecarMerge,
        _ there: SidecarFacts?
    ) throws(SidecarError) -> Bool {
        guard let folder = place.folder else { throw SidecarError("has no folder") }
        return try folder.directory.replace(
            place.name, with: new, insteadOf: old, for: place.status
        ) { part throws(SidecarError) in
            let made = try facts(place.above.appending(part), beneath: place.top)
            try check(merge, against: made, before: there)
        }
    }

    /// What was agreed on last: what a write was to lead to that was begun, if the sidecar is of that edition.
    private static func base(
        _ last: SidecarWrite?, _ there: SidecarFacts?, at place: SidecarPlace
    ) -> SidecarBase? {
        if let next = last?.next, let edition = there?.record?.edition,
            next.written.edition == edition
        {
            return next
        }
        // What was agreed on with one sidecar is nothing that another one has agreed to.
        guard last?.isApart == place.isApart else { return nil }
        return last.flatMap { $0.base == SidecarBase() ? nil : $0.base }
    }

    static func edition() -> String {
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

    func facts(_ path: FilePath, beneath top: FilePath) throws(SidecarError) -> SidecarFacts {
        do throws(DecodingError) {
            return try decoder.sidecar(path, beneath: top)
        } catch {
            throw SidecarError(error, path)
        }
    }

    private func edited(
        _ edit: SidecarEdit, _ place: SidecarPlace?
    ) throws(SidecarError) -> [UInt8] {
        do throws(DecodingError) {
            return try decoder.edited(edit, of: place?.path, beneath: place?.top)
        } catch {
            throw SidecarError(error, place?.path)
        }
    }

    static func digest(_ bytes: [UInt8]) -> [UInt8] {
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
