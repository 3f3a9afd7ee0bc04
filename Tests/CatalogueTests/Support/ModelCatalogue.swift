import Catalogue
import FileSystem
import Foundation

/// What the catalogue should hold, kept in plain arrays and found by looking through all of them.
///
/// Names stand for whole relative paths. Contents are single bytes that become identities.
struct ModelCatalogue {
    struct File: Equatable {
        var id: Int
        var name: String
        var status: FileStatus
        var missingSince: Double?
        /// The content that the row names as its asset, and whether it is verified.
        var asset: UInt8?
        var isCurrent = false
        var state = JobState.queued
        var attempts = 0
        var interruptions = 0
        var notBefore: Double?
        /// The content that the leased job describes, or the waiting one waits for.
        var subject: UInt8?
    }

    struct Asset: Equatable {
        var isDescribed = false
        var orphanedAt: Double?
    }

    private(set) var files: [File] = []
    private(set) var assets: [UInt8: Asset] = [:]
    private var nextID = 0

    /// The file with this name.
    subscript(name: String) -> File? { files.first { $0.name == name } }

    // MARK: Observations

    mutating func settle(_ name: String, _ status: FileStatus) {
        guard let index = files.firstIndex(where: { $0.name == name }) else {
            let twin = files.first { file in
                file.isCurrent && file.asset != nil && sameContent(file.status, status)
            }
            nextID += 1
            files.append(
                File(
                    id: nextID, name: name, status: status, asset: twin?.asset,
                    isCurrent: twin != nil))
            if let asset = twin?.asset { assets[asset]?.orphanedAt = nil }
            return
        }
        let old = files[index]
        files[index].missingSince = nil
        guard old.status != status else { return }
        end(index, .queued)
        files[index].status = status
        files[index].isCurrent = old.isCurrent && sameContent(old.status, status)
        files[index].attempts = 0
        files[index].interruptions = 0
        files[index].notBefore = nil
    }

    mutating func lose(where isLost: (String) -> Bool, at time: Double) {
        for index in files.indices where isLost(files[index].name) {
            files[index].missingSince = files[index].missingSince ?? time
        }
    }

    mutating func removeExpired(before time: Double) {
        let expired = files.filter { ($0.missingSince ?? .infinity) <= time }
        for file in expired {
            if let index = files.firstIndex(of: file) { end(index, .queued) }
            files.removeAll { $0.id == file.id }
            if let asset = file.asset { leave(asset, at: file.missingSince ?? time) }
        }
        let isOpen = files.contains {
            $0.state == .leased || $0.state == .queued && $0.missingSince == nil
        }
        guard !isOpen else { return }
        assets = assets.filter { ($0.value.orphanedAt ?? .infinity) > time }
    }

    // MARK: Jobs

    /// The file whose job comes next.
    func next(at time: Double) -> File? {
        let inHand = files.filter { $0.state == .leased }
        let next = files.filter {
            $0.state == .queued && $0.missingSince == nil && ($0.notBefore ?? 0) <= time
        }.min { order($0) < order($1) }
        let together = inHand + (next.map { [$0] } ?? [])
        return together.count > 1 && together.contains { $0.interruptions >= 3 } ? nil : next
    }

    mutating func lease(_ id: Int) {
        change(id) { file in
            file.state = .leased
            file.attempts += 1
            file.notBefore = nil
        }
    }

    /// What `identified` should answer; `nil` for a file that is no longer this lease's.
    mutating func identify(_ id: Int, as content: UInt8, at time: Double) -> JobState? {
        guard let index = index(of: id) else { return nil }
        let former = files[index].asset
        files[index].asset = content
        files[index].isCurrent = true
        assets[content, default: Asset()].orphanedAt = nil
        if let former, former != content { leave(former, at: time) }
        if assets[content]?.isDescribed == true {
            end(index, .done)
            files[index].interruptions = 0
            return .done
        }
        let isTaken = files.contains { $0.state == .leased && $0.subject == content && $0.id != id }
        if isTaken {
            end(index, .waiting)
            files[index].attempts -= 1
        }
        files[index].subject = content
        return files[index].state
    }

    mutating func complete(_ id: Int) {
        guard let index = index(of: id), let content = files[index].subject else { return }
        assets[content]?.isDescribed = true
        for other in files.indices
        where files[other].state == .waiting && files[other].subject == content {
            files[other].state = .done
            files[other].subject = nil
            files[other].interruptions = 0
        }
        end(index, .done)
        files[index].interruptions = 0
    }

    mutating func fail(_ id: Int, retryAt time: Double?, now: Double) {
        guard let index = index(of: id) else { return }
        if let time, files[index].attempts < 3 {
            end(index, .queued)
            files[index].notBefore = time
        } else {
            giveUp(index, at: now)
        }
    }

    mutating func release(_ id: Int) {
        guard let index = index(of: id) else { return }
        end(index, .queued)
        files[index].attempts -= 1
    }

    mutating func kill(at time: Double) {
        for index in files.indices where files[index].state == .leased {
            end(index, .queued)
            files[index].attempts -= 1
            files[index].interruptions += 1
            if files[index].interruptions >= 10 { giveUp(index, at: time) }
        }
    }

    mutating func retry() -> Int {
        let failed = files.indices.filter { files[$0].state == .failed }
        for index in failed {
            files[index].state = .queued
            files[index].attempts = 0
            files[index].interruptions = 0
            files[index].notBefore = nil
        }
        return failed.count
    }

    // MARK: Parts

    private mutating func giveUp(_ index: Int, at time: Double) {
        end(index, .failed)
        guard !files[index].isCurrent, let asset = files[index].asset else { return }
        files[index].asset = nil
        leave(asset, at: time)
    }

    /// Ends whatever the job is at; those who waited for it are queued again.
    private mutating func end(_ index: Int, _ state: JobState) {
        let wasLeased = files[index].state == .leased
        let subject = files[index].subject
        files[index].state = state
        files[index].subject = nil
        guard wasLeased, let subject else { return }
        for other in files.indices
        where files[other].state == .waiting && files[other].subject == subject {
            files[other].state = .queued
            files[other].subject = nil
        }
    }

    private mutating func leave(_ asset: UInt8, at time: Double) {
        guard !files.contains(where: { $0.asset == asset }) else { return }
        let former = assets[asset]?.orphanedAt
        assets[asset]?.orphanedAt = former ?? time
    }

    private mutating func change(_ id: Int, _ body: (inout File) -> Void) {
        guard let index = files.firstIndex(where: { $0.id == id }) else { return }
        body(&files[index])
    }

    private func index(of leased: Int) -> Int? {
        files.firstIndex { $0.id == leased && $0.state == .leased }
    }

    private func order(_ file: File) -> (Int, Int, Int64, Int) {
        (file.interruptions, file.attempts, -file.status.changed, file.id)
    }

    private func sameContent(_ first: FileStatus, _ second: FileStatus) -> Bool {
        first.inode == second.inode && first.size == second.size
            && first.modified == second.modified
    }
}
