import Catalogue
import FileSystem
import Foundation
import WorkQueue

extension ModelCatalogue {
    /// The work that comes next for a worker who can do anything.
    mutating func nextWork(at time: Double) -> Int? {
        for index in works.indices
        where works[index].state == .leased && (works[index].until ?? .infinity) <= time {
            interrupt(index)
        }
        let next = works.indices.filter { index in
            works[index].state == .queued && (works[index].notBefore ?? 0) <= time
                && isReadable(works[index].content)
        }.min { order(works[$0]) < order(works[$1]) }
        return next.flatMap { mayBegin(works[$0].interruptions) ? $0 : nil }
    }

    private func order(_ work: Work) -> (Int, Int, Int, Int64, Int) {
        (
            work.priority.rawValue, work.interruptions, work.attempts, -work.newness, work.order
        )
    }

    /// Whether a lease of work still stands; where it is.
    func work(_ content: UInt8, _ recipe: String, number: Int64) -> Int? {
        works.firstIndex {
            $0.content == content && $0.recipe == recipe && $0.number == number
                && $0.state == .leased
        }
    }

    mutating func complete(_ index: Int) {
        let work = works[index]
        var recipes = assets[work.content]?.recipes.filter { $0 != work.recipe } ?? []
        recipes.append(work.recipe)
        assets[work.content]?.recipes = recipes
        works.removeAll { other in
            other.content == work.content
                && (other == work
                    || other.state != .leased
                        && (other.priority == .new || other.recipe == work.recipe))
        }
        for file in files.indices where isWaiting(file, for: work.content) {
            files[file].state = .done
            files[file].attempts = work.attempts
            files[file].interruptions = 0
        }
    }

    mutating func fail(work index: Int, retryAt time: Double?) {
        guard let time, works[index].attempts < 3 else { return giveUp(work: index) }
        works[index].state = .queued
        works[index].until = nil
        works[index].notBefore = time
    }

    mutating func release(work index: Int) {
        works[index].state = .queued
        works[index].until = nil
        works[index].attempts -= 1
        works[index].notBefore = nil
    }

    /// Asks for everything described to be described by a recipe; how much was not wanted.
    mutating func redo(by recipe: String) -> Int {
        var count = 0
        for (content, asset) in assets.sorted(by: { $0.value.order < $1.value.order })
        where !asset.recipes.isEmpty && !asset.recipes.contains(recipe) {
            let changes = files.filter { $0.asset == content }.map(\.status.changed)
            guard let newness = changes.max() else { continue }
            if let index = works.firstIndex(where: { $0.content == content && $0.recipe == recipe })
            {
                guard works[index].state == .failed else { continue }
                revive(index)
                works[index].priority = .redo
                works[index].newness = newness
            } else {
                add(content, recipe, .redo, newness: newness)
            }
            count += 1
        }
        return count
    }

    // MARK: Parts

    /// The work that describes an asset for the first time.
    mutating func wantFirst(
        _ content: UInt8, _ recipe: String, newness: Int64, interruptions: Int
    ) -> Int {
        let known = works.firstIndex { $0.content == content && $0.recipe == recipe }
        let index = known ?? add(content, recipe, .new, newness: newness)
        works[index].priority = .new
        works[index].newness = max(works[index].newness, newness)
        works[index].interruptions = max(works[index].interruptions, interruptions)
        return index
    }

    @discardableResult
    private mutating func add(
        _ content: UInt8, _ recipe: String, _ priority: WorkPriority, newness: Int64
    ) -> Int {
        lastNumber += 1
        works.append(
            Work(
                content: content, recipe: recipe, priority: priority, newness: newness,
                order: lastNumber))
        return works.count - 1
    }

    /// - Returns: The fencing number.
    mutating func lend(_ index: Int, until: Double?) -> Int {
        works[index].state = .leased
        works[index].number += 1
        works[index].attempts += 1
        works[index].notBefore = nil
        works[index].until = until
        return works[index].number
    }

    mutating func interrupt(_ index: Int) {
        works[index].state = .queued
        works[index].number += 1
        works[index].attempts -= 1
        works[index].interruptions += 1
        works[index].until = nil
        if works[index].interruptions >= 10 { giveUp(work: index) }
    }

    mutating func revive(_ index: Int) {
        works[index].state = .queued
        works[index].number += 1
        works[index].attempts = 0
        works[index].interruptions = 0
        works[index].notBefore = nil
    }

    private mutating func giveUp(work index: Int) {
        works[index].state = .failed
        works[index].until = nil
        works[index].notBefore = nil
        let content = works[index].content
        guard !works.contains(where: { $0.content == content && $0.state != .failed }) else {
            return
        }
        for file in files.indices where isWaiting(file, for: content) {
            files[file].state = .failed
            files[file].attempts = works[index].attempts
        }
    }

    private func isWaiting(_ file: Int, for content: UInt8) -> Bool {
        files[file].state == .waiting && files[file].asset == content && files[file].isCurrent
    }

    private func isReadable(_ content: UInt8) -> Bool {
        files.contains { $0.asset == content && isReadable($0) }
    }
}
