import Catalogue
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Web

@Suite struct KeptCountTests {
    private let library: PageLibrary

    init() throws {
        library = try PageLibrary()
        try library.addPicture(1, caption: "a lighthouse")
    }

    private var path: FilePath { library.catalogue.path }

    @Test func whatWasCountedIsKeptWhileNothingChanges() throws {
        let times = Atomic(0)
        let kept = KeptCount(path, pause: .zero) { _ in
            times.add(1, ordering: .relaxed).newValue
        }
        for _ in 0..<5 { #expect(try kept.value() == 1) }
        kept.close()
    }

    @Test func whoeverAsksWhileItIsCountedAnewGetsTheOldCount() async throws {
        let times = Atomic(0)
        let gate = DispatchSemaphore(value: 0)
        gate.signal()
        let kept = KeptCount(path, pause: .zero) { _ in
            gate.wait()
            return times.add(1, ordering: .relaxed).newValue
        }
        #expect(try kept.value() == 1)
        try library.addPicture(2, caption: "another")
        try await eventually("a new count is begun and nobody waits for it") {
            try kept.value() == 1
        }
        gate.signal()
        try await eventually("the new count is there") { try kept.value() == 2 }
        kept.close()
    }

    @Test func whatFailsIsTriedAgain() throws {
        struct Failure: Error {}
        let times = Atomic(0)
        let kept = KeptCount(path, pause: .zero) { _ in
            let time = times.add(1, ordering: .relaxed).newValue
            if time == 1 { throw Failure() }
            return time
        }
        #expect(throws: Failure.self) { try kept.value() }
        #expect(try kept.value() == 2)
        kept.close()
    }
}
