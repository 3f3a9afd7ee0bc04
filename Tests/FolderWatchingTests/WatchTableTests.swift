import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct WatchTableTests {
    @Test func spellsOutPaths() {
        var table = WatchTable()
        let root = table.addRoot(3)
        let a = table.addChild(of: root, named: "a")
        let b = table.addChild(of: a, named: "b")
        #expect(table.path(of: root) == "")
        #expect(table.path(of: b) == "a/b")
        #expect(table[b].root == 3)
        #expect(table[b].depth == 2)
        #expect(table.child(of: a, named: "b") == b)
        #expect(table.child(of: root, named: "b") == nil)
        #expect(table.parent(of: b) == a)
    }

    @Test func watchesBelongToOneDirectoryAtATime() {
        var table = WatchTable()
        let root = table.addRoot(0)
        table.setWatch(7, of: root)
        #expect(table.directory(of: 7) == root)
        table.setWatch(8, of: root)
        #expect(table.directory(of: 7) == nil)
        #expect(table.directory(of: 8) == root)
        table.setWatch(nil, of: root)
        #expect(table.directory(of: 8) == nil)
    }

    @Test func numbersOfRemovedDirectoriesAreNeverTakenForOthers() {
        var table = WatchTable()
        let root = table.addRoot(0)
        let old = table.addChild(of: root, named: "a")
        _ = table.remove(old)
        let new = table.addChild(of: root, named: "a")
        #expect(!table.contains(old))
        #expect(table.contains(new))
        #expect(old != new)
    }

    /// Random additions and removals leave the trees, the lists and the watches in agreement.
    @Test func agreesWithASetOfPaths() {
        var generator = SeededGenerator(seed: 5)
        var table = WatchTable()
        let root = table.addRoot(0)
        var known: [FilePath: (DirectoryID, WatchDescriptor)] = ["": (root, -1)]
        for step in 0..<3000 {
            guard let (path, (id, _)) = known.randomElement(using: &generator) else { break }
            if Int.random(in: 0..<5, using: &generator) > 0 || path.isEmpty {
                let name = FilePath.Component("\(Int.random(in: 0..<6, using: &generator))") ?? "x"
                guard table.child(of: id, named: name) == nil else { continue }
                let child = table.addChild(of: id, named: name)
                table.setWatch(WatchDescriptor(step), of: child)
                known[path.appending(name)] = (child, WatchDescriptor(step))
            } else {
                let below = known.filter { $0.key.starts(with: path) }
                #expect(Set(table.remove(id)) == Set(below.values.map(\.1)))
                for path in below.keys { known[path] = nil }
            }
        }
        #expect(table.count == known.count)
        #expect(Set(table.all) == Set(known.values.map(\.0)))
        for (path, (id, watch)) in known {
            #expect(table.path(of: id) == path)
            if watch >= 0 { #expect(table.directory(of: watch) == id) }
            let children = known.filter {
                !$0.key.isEmpty && $0.key.removingLastComponent() == path
            }
            #expect(Set(table.children(of: id)) == Set(children.values.map(\.0)))
        }
    }
}
