import FileSystem
import SystemPackage

/// A directory in a `WatchTable`; a removed directory's number is never taken for a later one's.
struct DirectoryID: Hashable, Sendable {
    fileprivate var index: Int32
    fileprivate var generation: UInt32
}

/// The known directories of all roots as trees, and which watch belongs to which.
///
/// Paths are spelt out on demand from names and parents: 100,000 directories cost some 20 MB.
struct WatchTable {
    /// What is known of a directory.
    struct Node {
        /// What is to be kept in mind about a directory.
        struct Flags: OptionSet {
            let rawValue: UInt8
            /// It waits to be scanned.
            static let scanPending = Flags(rawValue: 1 << 0)
            /// The scan that it waits for goes on into all directories below.
            static let recursive = Flags(rawValue: 1 << 1)
            /// No watch serves it: it is looked at from time to time.
            static let polled = Flags(rawValue: 1 << 2)
            /// The scan that it waits for is silent if nothing changed.
            static let quiet = Flags(rawValue: 1 << 3)
            /// It could not be read.
            static let unreadable = Flags(rawValue: 1 << 4)
            /// Its file system reports no changes.
            static let remote = Flags(rawValue: 1 << 5)
            /// Its file system's times are not of our clock.
            static let foreignClock = Flags(rawValue: 1 << 6)
            /// It is one directory under a second path; the watch belongs to the first.
            static let alias = Flags(rawValue: 1 << 7)
        }

        /// The index of the root that it belongs to.
        let root: Int
        /// Its name; nil for a root.
        let name: FilePath.Component?
        /// How many directories it is below its root.
        let depth: Int
        var flags: Flags = []
        /// nil until it was looked at.
        var identity: FileIdentity?
        /// The rules for its entries.
        var rules = IgnoreRules.none
        /// Where it is, if a symbolic link that is followed stands in its place.
        var linkTarget: FilePath?
        /// A digest of the last listing of a polled directory.
        var fingerprint: Int?
        fileprivate(set) var watch: WatchDescriptor = -1
        fileprivate var parent: Int32
        fileprivate var firstChild: Int32 = -1
        fileprivate var nextSibling: Int32 = -1
        fileprivate var previousSibling: Int32 = -1
    }

    private struct ChildKey: Hashable {
        var parent: Int32
        var name: FilePath.Component
    }

    private struct Slot {
        var generation: UInt32 = 0
        var node: Node?
    }

    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var children: [ChildKey: Int32] = [:]
    private var watches: [WatchDescriptor: Int32] = [:]

    /// How many directories there are.
    var count: Int {
        slots.count - free.count
    }

    /// The directories, in no order.
    var all: some Sequence<DirectoryID> {
        slots.indices.lazy.filter { slots[$0].node != nil }.map { id(Int32($0)) }
    }

    func contains(_ id: DirectoryID) -> Bool {
        let slot = slots[Int(id.index)]
        return slot.generation == id.generation && slot.node != nil
    }

    /// A directory that `contains` is true for.
    subscript(id: DirectoryID) -> Node {
        get {
            guard let node = slots[Int(id.index)].node else {
                preconditionFailure("a removed directory was asked for")
            }
            return node
        }
        set { slots[Int(id.index)].node = newValue }
    }

    func parent(of id: DirectoryID) -> DirectoryID? {
        let parent = self[id].parent
        return parent < 0 ? nil : self.id(parent)
    }

    func child(of parent: DirectoryID, named name: FilePath.Component) -> DirectoryID? {
        children[ChildKey(parent: parent.index, name: name)].map { id($0) }
    }

    func children(of parent: DirectoryID) -> [DirectoryID] {
        var result: [DirectoryID] = []
        var next = self[parent].firstChild
        while next >= 0 {
            let child = id(next)
            result.append(child)
            next = self[child].nextSibling
        }
        return result
    }

    /// The directory that a watch reports about.
    func directory(of watch: WatchDescriptor) -> DirectoryID? {
        watches[watch].map { id($0) }
    }

    /// A directory's path below its root; empty for the root.
    func path(of directory: DirectoryID) -> FilePath {
        var names: [FilePath.Component] = []
        var next: DirectoryID? = directory
        while let current = next {
            if let name = self[current].name { names.append(name) }
            next = parent(of: current)
        }
        return FilePath(root: nil, names.reversed())
    }

    /// The directory itself or the nearest one above it in whose place a followed link stands.
    func nearestLink(of directory: DirectoryID) -> DirectoryID? {
        var next: DirectoryID? = directory
        while let current = next {
            if self[current].linkTarget != nil { return current }
            next = parent(of: current)
        }
        return nil
    }

    mutating func addRoot(_ root: Int) -> DirectoryID {
        insert(Node(root: root, name: nil, depth: 0, parent: -1))
    }

    /// Adds a directory that is not there yet.
    mutating func addChild(
        of parent: DirectoryID, named name: FilePath.Component
    ) -> DirectoryID {
        let above = self[parent]
        var node = Node(
            root: above.root, name: name, depth: above.depth + 1, parent: parent.index)
        node.nextSibling = above.firstChild
        let child = insert(node)
        if above.firstChild >= 0 { self[id(above.firstChild)].previousSibling = child.index }
        self[parent].firstChild = child.index
        children[ChildKey(parent: parent.index, name: name)] = child.index
        return child
    }

    /// Ties a watch to a directory, or unties it (nil).
    mutating func setWatch(_ watch: WatchDescriptor?, of directory: DirectoryID) {
        let old = self[directory].watch
        if old >= 0 { watches[old] = nil }
        self[directory].watch = watch ?? -1
        if let watch { watches[watch] = directory.index }
    }

    /// Removes a directory and all below it.
    ///
    /// - Returns: The watches that they had.
    mutating func remove(_ directory: DirectoryID) -> [WatchDescriptor] {
        unlink(directory)
        var ended: [WatchDescriptor] = []
        var stack = [directory]
        while let current = stack.popLast() {
            stack += children(of: current)
            let node = self[current]
            if node.watch >= 0 {
                watches[node.watch] = nil
                ended.append(node.watch)
            }
            if let name = node.name {
                children[ChildKey(parent: node.parent, name: name)] = nil
            }
            slots[Int(current.index)] = Slot(generation: current.generation &+ 1)
            free.append(current.index)
        }
        return ended
    }

    /// Takes a directory out of its parent's list.
    private mutating func unlink(_ directory: DirectoryID) {
        let node = self[directory]
        if node.previousSibling >= 0 {
            self[id(node.previousSibling)].nextSibling = node.nextSibling
        } else if node.parent >= 0 {
            self[id(node.parent)].firstChild = node.nextSibling
        }
        if node.nextSibling >= 0 {
            self[id(node.nextSibling)].previousSibling = node.previousSibling
        }
    }

    private mutating func insert(_ node: Node) -> DirectoryID {
        guard let index = free.popLast() else {
            slots.append(Slot(node: node))
            return id(Int32(slots.count - 1))
        }
        slots[Int(index)].node = node
        return id(index)
    }

    private func id(_ index: Int32) -> DirectoryID {
        DirectoryID(index: index, generation: slots[Int(index)].generation)
    }
}
