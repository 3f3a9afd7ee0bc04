import Catalogue
import FileSystem
import Foundation
import WorkQueue

/// What the catalogue should hold, kept in plain arrays and found by looking through all of them.
///
/// Names stand for whole relative paths, volumes for their keys. Contents are single bytes that become
/// identities.
struct ModelCatalogue {
    struct File: Equatable {
        var id: Int
        var name: String
        var volume: String
        /// Whether something was mounted over the file, so that it cannot be reached.
        var isHidden = false
        var status: FileStatus
        var missingSince: Double?
        /// The content that the row names as its asset, and whether it is verified.
        var asset: UInt8?
        var isCurrent = false
        var state = JobState.queued
        var attempts = 0
        var interruptions = 0
        var notBefore: Double?
        /// How often the job was lent out or put back; tells a lease that is void.
        var lease = 0
    }

    /// Work on the asset with a content, by a recipe.
    struct Work: Equatable {
        var content: UInt8
        var recipe: String
        var priority: WorkPriority
        var state = WorkState.queued
        var newness: Int64
        var number = 0
        var attempts = 0
        var interruptions = 0
        var notBefore: Double?
        var until: Double?
        var order: Int
    }

    struct Asset: Equatable {
        /// The recipes that have described it, the newest last.
        var recipes: [String] = []
        var order: Int
        var orphanedAt: Double?
    }

    struct Disk: Equatable {
        var isOnline = true
        var lookedThroughAt: Double?
    }

    var files: [File] = []
    var assets: [UInt8: Asset] = [:]
    var works: [Work] = []
    private(set) var disks: [String: Disk] = [:]
    /// The number that was given last, to whatever it was.
    var lastNumber = 0

    // MARK: Volumes

    /// What is mounted, and what is hidden by it.
    mutating func mount(_ keys: [String], hiding isHidden: (File) -> Bool) {
        for key in keys where disks[key] == nil { disks[key] = Disk() }
        for key in disks.keys {
            disks[key] = Disk(isOnline: keys.contains(key), lookedThroughAt: nil)
        }
        for index in files.indices where disks[files[index].volume]?.isOnline == true {
            if isHidden(files[index]) { files[index].isHidden = true }
        }
    }

    mutating func lookedThrough(at time: Double) {
        for key in disks.keys where disks[key]?.isOnline == true {
            let earlier = disks[key]?.lookedThroughAt
            disks[key]?.lookedThroughAt = earlier ?? time
        }
    }

    private func isReachable(_ file: File) -> Bool {
        !file.isHidden && disks[file.volume]?.isOnline == true
    }

    func isReadable(_ file: File) -> Bool {
        isReachable(file) && file.missingSince == nil && file.isCurrent
    }

    // MARK: Observations

    mutating func settle(_ name: String, _ status: FileStatus, on volume: String) {
        let own = files.firstIndex { $0.name == name && $0.volume == volume }
        let takenOver = files.firstIndex { file in
            file.name == name && file.volume != volume && !isReachable(file)
                && file.status.size == status.size && file.status.modified == status.modified
        }
        guard let index = own ?? takenOver else {
            let twin = files.first { file in
                file.isCurrent && file.asset != nil && sameContent(file.status, status)
                    && file.status.device == status.device
            }
            lastNumber += 1
            files.append(
                File(
                    id: lastNumber, name: name, volume: volume, status: status, asset: twin?.asset,
                    isCurrent: twin != nil))
            if let asset = twin?.asset { assets[asset]?.orphanedAt = nil }
            return
        }
        let old = files[index]
        files[index].missingSince = nil
        files[index].isHidden = false
        files[index].volume = volume
        files[index].status = status
        guard own != nil, old.status != status else { return }
        put(index, .queued)
        files[index].lease += 1
        files[index].isCurrent = old.isCurrent && sameContent(old.status, status)
        files[index].attempts = 0
        files[index].interruptions = 0
        files[index].notBefore = nil
    }

    mutating func lose(on volume: String, where isLost: (String) -> Bool, at time: Double) {
        for index in files.indices
        where files[index].volume == volume && isLost(files[index].name)
            && files[index].missingSince == nil
        {
            files[index].missingSince = time
            files[index].isHidden = false
        }
    }

    mutating func removeExpired(before time: Double) {
        let expired = files.filter { file in
            isReachable(file) && (file.missingSince ?? .infinity) <= time
                && (disks[file.volume]?.lookedThroughAt ?? .infinity) <= time
        }
        for file in expired { remove(file, at: file.missingSince ?? time) }
        let isOpen = files.contains {
            $0.state == .leased
                || $0.state == .queued && $0.missingSince == nil && isReachable($0)
        }
        guard !isOpen else { return }
        forgetAssets { ($0.orphanedAt ?? .infinity) <= time }
    }

    /// Forgets files that cannot be reached.
    mutating func forget(where isChosen: (String) -> Bool, at time: Double) -> Int {
        let chosen = files.filter {
            isChosen($0.name) && ($0.missingSince != nil || !isReachable($0))
        }
        for file in chosen {
            remove(file, at: time)
            if let asset = file.asset, assets[asset]?.orphanedAt != nil {
                assets[asset] = nil
                works.removeAll { $0.content == asset }
            }
        }
        return chosen.count
    }

    private mutating func remove(_ file: File, at time: Double) {
        files.removeAll { $0.id == file.id }
        if let asset = file.asset { leave(asset, at: time) }
    }

    private mutating func forgetAssets(where isForgotten: (Asset) -> Bool) {
        let gone = Set(assets.filter { isForgotten($0.value) }.keys)
        assets = assets.filter { !gone.contains($0.key) }
        works.removeAll { gone.contains($0.content) }
    }

    // MARK: Jobs

    /// The file whose job comes next.
    func next(at time: Double) -> File? {
        let next = files.filter {
            $0.state == .queued && $0.missingSince == nil && isReachable($0)
                && ($0.notBefore ?? 0) <= time
        }.min { order($0) < order($1) }
        return next.flatMap { mayBegin($0.interruptions) ? $0 : nil }
    }

    /// Whether something that was interrupted so often may be taken in hand now.
    func mayBegin(_ interruptions: Int) -> Bool {
        let inHand =
            files.filter { $0.state == .leased }.map(\.interruptions)
            + works.filter { $0.state == .leased && $0.until == nil }.map(\.interruptions)
        return inHand.allSatisfy { $0 < 3 } && (interruptions < 3 || inHand.isEmpty)
    }

    mutating func lease(_ id: Int) -> Int {
        var number = 0
        change(id) { file in
            file.state = .leased
            file.attempts += 1
            file.notBefore = nil
            file.lease += 1
            number = file.lease
        }
        return number
    }

    /// Whether a lease of a job still stands.
    func holds(_ id: Int, _ lease: Int) -> Bool {
        files.contains { $0.id == id && $0.lease == lease && $0.state == .leased }
    }

    enum Answer: Equatable {
        case described, waiting, work(number: Int)
    }

    /// What `identified` should answer for a job that is in hand.
    mutating func identify(
        _ id: Int, as content: UInt8, wanting recipe: String, at time: Double
    ) -> Answer? {
        guard let index = files.firstIndex(where: { $0.id == id }) else { return nil }
        let former = files[index].asset
        files[index].asset = content
        files[index].isCurrent = true
        lastNumber += 1
        assets[content, default: Asset(order: lastNumber)].orphanedAt = nil
        if let former, former != content { leave(former, at: time) }
        let interruptions = files[index].interruptions
        files[index].interruptions = 0
        if assets[content]?.recipes.isEmpty == false {
            put(index, .done)
            return .described
        }
        let taken = works.firstIndex { $0.content == content && $0.state == .leased }
        let own =
            taken
            ?? wantFirst(
                content, recipe, newness: files[index].status.changed,
                interruptions: interruptions)
        if works[own].state == .failed { revive(own) }
        put(index, .waiting)
        files[index].attempts -= 1
        guard works[own].state == .queued, (works[own].notBefore ?? time) <= time,
            works[own].interruptions < 3 || mayBegin(3)
        else { return .waiting }
        return .work(number: lend(own, until: nil))
    }

    mutating func fail(_ id: Int, retryAt time: Double?, now: Double) {
        guard let index = files.firstIndex(where: { $0.id == id }) else { return }
        if let time, files[index].attempts < 3 {
            put(index, .queued)
            files[index].notBefore = time
        } else {
            giveUp(index, at: now)
        }
    }

    mutating func release(_ id: Int) {
        guard let index = files.firstIndex(where: { $0.id == id }) else { return }
        put(index, .queued)
        files[index].attempts -= 1
    }

    mutating func kill(at time: Double) {
        for key in disks.keys { disks[key]?.lookedThroughAt = nil }
        for index in files.indices where files[index].state == .leased {
            put(index, .queued)
            files[index].lease += 1
            files[index].attempts -= 1
            files[index].interruptions += 1
            if files[index].interruptions >= 10 { giveUp(index, at: time) }
        }
        for index in works.indices
        where works[index].state == .leased && works[index].until == nil {
            interrupt(index)
        }
    }

    mutating func retry() -> Int {
        let failed = files.indices.filter { files[$0].state == .failed }
        let contents = Set(failed.compactMap { files[$0].asset })
        let others = works.filter { $0.state == .failed && !contents.contains($0.content) }
        for index in works.indices where works[index].state == .failed { revive(index) }
        for index in failed {
            put(index, .queued)
            files[index].lease += 1
            files[index].attempts = 0
            files[index].interruptions = 0
            files[index].notBefore = nil
        }
        return failed.count + others.count
    }

    // MARK: Parts

    private mutating func giveUp(_ index: Int, at time: Double) {
        put(index, .failed)
        guard !files[index].isCurrent, let asset = files[index].asset else { return }
        files[index].asset = nil
        leave(asset, at: time)
    }

    private mutating func put(_ index: Int, _ state: JobState) {
        files[index].state = state
        if state == .failed { files[index].notBefore = nil }
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

    private func order(_ file: File) -> (Int, Int, Int64, Int) {
        (file.interruptions, file.attempts, -file.status.changed, file.id)
    }

    private func sameContent(_ first: FileStatus, _ second: FileStatus) -> Bool {
        first.inode == second.inode && first.size == second.size
            && first.modified == second.modified
    }
}
