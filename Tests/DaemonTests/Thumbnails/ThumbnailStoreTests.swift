import Digests
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct ThumbnailStoreTests {
    private let directory: TemporaryDirectory
    private var folder: FilePath { directory.path.appending("thumbnails") }

    init() throws { directory = try TemporaryDirectory() }

    private func identity(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 32) }

    /// As if nobody had looked at a picture for some days.
    private func age(_ number: UInt8, days: Int) {
        let name = identity(number).hexadecimal
        let path = folder.appending(String(name.prefix(2))).appending("\(name)-small.jpg")
        let then = timeval(tv_sec: time(nil) - days * 86400, tv_usec: 0)
        utimes(path.string, [then, then])
    }

    @Test func whatIsKeptIsFound() throws {
        let store = ThumbnailStore(in: folder, bound: 1 << 20)
        #expect(store.find(identity(1), .small) == nil)
        try store.add([1, 2, 3], identity(1), .small)
        #expect(store.find(identity(1), .small) == [1, 2, 3])
        #expect(store.find(identity(1), .large) == nil)
        #expect(store.find(identity(2), .small) == nil)
    }

    @Test func whatNobodyLookedAtForLongestMakesRoom() throws {
        let store = ThumbnailStore(in: folder, bound: 10_000)
        for number in 1...9 as ClosedRange<UInt8> {
            try store.add([UInt8](repeating: 0, count: 1000), identity(number), .small)
            age(number, days: 20 - Int(number))
        }
        // A look makes it the newest.
        #expect(store.find(identity(1), .small) != nil)
        for number in 10...12 as ClosedRange<UInt8> {
            try store.add([UInt8](repeating: 0, count: 1000), identity(number), .small)
        }
        let left = (1...12).filter { store.find(identity(UInt8($0)), .small) != nil }
        #expect(left.count <= 10)
        #expect(left.contains(1) && left.contains(12))
        #expect(!left.contains(2))
    }

    @Test func whatAnotherAddsCountsTooAndNothingIsMadeAheadOnceItIsNearlyFull() throws {
        let store = ThumbnailStore(in: folder, bound: 20_000)
        let other = ThumbnailStore(in: folder, bound: 20_000)
        #expect(store.hasRoomAhead)
        for number in 1...16 as ClosedRange<UInt8> {
            try other.add([UInt8](repeating: 0, count: 1000), identity(number), .small)
        }
        for number in 17...18 as ClosedRange<UInt8> {
            try store.add([UInt8](repeating: 0, count: 1000), identity(number), .small)
        }
        #expect(!store.hasRoomAhead)
        #expect(store.contains(identity(1), .small) && !store.contains(identity(1), .large))
    }

    @Test func theFolderMayBeRemovedAtAnyTime() throws {
        let store = ThumbnailStore(in: folder, bound: 1 << 20)
        try store.add([1], identity(1), .small)
        FileTree.remove(folder)
        #expect(store.find(identity(1), .small) == nil)
        try store.add([2], identity(1), .small)
        #expect(store.find(identity(1), .small) == [2])
    }
}
