public import Catalogue
import MediaDecoding
import SystemPackage
import XMPWriting

// Pictures that have no sidecar yet are by far the most. Theirs need no parser, and are brought to the disk together.
extension SidecarSync {
    /// How many pictures are best brought in line at once.
    public static let batch = 64

    /// Brings several pictures' sidecars in line.
    ///
    /// New sidecars are written together: what they are to hold is noted in one transaction; they are written,
    /// brought to the disk and named; their folders are brought to the disk; and what was done is noted in one
    /// transaction. Pictures that have a sidecar are worked on one after the other, as by `bring(_:)`.
    ///
    /// - Parameters:
    ///   - tasks: The pictures and what is to be said, `batch` at most.
    ///   - goesOn: Asked before each; the rest is left out once it says no.
    /// - Returns: What was done of each, by the task's number.
    /// - Throws: `CatalogueError`.
    public func bring(
        _ tasks: [SidecarTask], while goesOn: () -> Bool = { true }
    ) throws(CatalogueError) -> [Int: SidecarResult] {
        var results: [Int: SidecarResult] = [:]
        if !isDryRun, tasks.count > 1 { results = try writeNew(tasks, while: goesOn) }
        for (index, task) in tasks.enumerated() where results[index] == nil {
            guard goesOn() else { break }
            results[index] = try bring(task)
        }
        return results
    }

    /// A sidecar that is not there yet.
    private struct Plan {
        var index: Int
        var task: SidecarTask
        var place: SidecarPlace
        var folder: SidecarPlace.Folder
        var base: SidecarBase
        var bytes: [UInt8]
        var result: SidecarResult
    }

    /// One whose bytes wait in a file beside it.
    private final class Draft {
        let plan: Plan
        let part: PartFile

        init(_ plan: Plan) throws(SidecarError) {
            self.plan = plan
            part = try plan.folder.directory.prepare(
                plan.place.name, with: plan.bytes, for: plan.place.status)
            part.beginSync()
        }
    }

    /// Writes those of the sidecars that are not there yet.
    ///
    /// - Returns: What was done, by the task's number. What is not among it has to be brought in line by itself:
    ///   there is a sidecar, or something is in the way.
    private func writeNew(
        _ tasks: [SidecarTask], while goesOn: () -> Bool
    ) throws(CatalogueError) -> [Int: SidecarResult] {
        var plans: [Plan] = []
        for (index, task) in tasks.enumerated() {
            guard goesOn() else { return [:] }
            if let plan = plan(index, task) { plans.append(plan) }
        }
        guard plans.count > 1 else { return [:] }
        try catalogue.begin(plans.map { ($0.task.file, $0.base) })
        let done = named(plans.compactMap { try? Draft($0) })
        try catalogue.record(
            done.map { plan in
                (
                    plan.task.file,
                    SidecarWrite(
                        content: Self.digest(plan.bytes), words: plan.task.words.digest,
                        base: plan.base, isApart: plan.place.isApart),
                    plan.place.placeApart
                )
            })
        return done.reduce(into: [:]) { $0[$1.index] = $1.result }
    }

    private func plan(_ index: Int, _ task: SidecarTask) -> Plan? {
        guard let place = try? place(of: task), !place.isThere, let folder = place.folder,
            // The settings may lead to a name that somebody else's sidecar has.
            (try? folder.directory.isFree(place.name)) == true
        else { return nil }
        var merge = SidecarMerge(
            task.words, into: nil, last: nil, writer: Self.writer, library: library,
            edition: Self.edition(), prefersHere: prefersHere)
        guard !merge.edit.isEmpty else { return nil }
        merge.edit.fileExtension = place.fileExtension
        guard let bytes = NewSidecar.bytes(saying: merge.edit) else { return nil }
        return Plan(
            index: index, task: task, place: place, folder: folder, base: merge.base, bytes: bytes,
            result: SidecarResult(
                picture: task.root.pushing(task.path), sidecar: place.path,
                outcome: .written(isNew: true), changes: merge.changes))
    }

    /// Brings prepared sidecars to the disk and gives them their names.
    ///
    /// - Returns: Those that have them, on the disk as well.
    private func named(_ drafts: [Draft]) -> [Plan] {
        var named: [FilePath: [Plan]] = [:]
        for draft in drafts {
            do throws(SidecarError) {
                try draft.part.sync()
                guard try draft.part.rename(to: draft.plan.place.name, replacing: false) else {
                    _ = draft.part.remove(false)
                    continue
                }
                named[draft.plan.place.above, default: []].append(draft.plan)
            } catch {
                // It is tried by itself, which says why.
                _ = draft.part.remove(false)
            }
        }
        return named.values.flatMap { plans in
            (try? plans.first?.folder.directory.sync()) == nil ? [] : plans
        }
    }
}
