import ModelLoading
import Tensor

/// What one context gets in a pass.
struct Reading {
    /// Rows, at least one.
    let count: Int
    /// The place, further up, of the context whose rows stand before this one's; both are fresh.
    var parent: Int?
    /// How many of its rows, the last ones, anybody wants to know what comes after.
    var asked = 1
}

/// What a language model has read: positions shared with other contexts, then its own.
struct Context: Sendable {
    /// Keys and values that are never added to.
    var shared: KVCache?
    /// Keys and values that follow.
    var own: KVCache

    /// How many positions have been read.
    var count: Int { (shared?.count ?? 0) + own.count }

    /// Forgets what was read last, so that so many positions of its own are left.
    mutating func forget(downTo own: Int) {
        guard own < self.own.count else { return }
        for layer in self.own.layers.indices { self.own.layers[layer].truncate(to: own) }
    }

    mutating func append(_ new: KeyValues, rows: Range<Int>, layer: Int) {
        own.layers[layer].append(new, rows: rows)
    }

    func segments(ofLayer layer: Int, after before: KeyValues?) -> [KeyValues] {
        [shared?.layers[layer] ?? before, own.layers[layer]].compactMap { $0 }
    }
}
