@testable import Catalogue
import FileSystem
import Foundation
import SystemPackage
import Testing
import WorkQueue

/// Disks of a few names, the catalogue that follows them, and the model that it must equal.
///
/// On the folder `d` of the first disk a card is mounted at times, or another one, which may be a copy.
struct CatalogueWorld {
    typealias Entry = (status: FileStatus, content: UInt8)

    enum Lease {
        case job(LeasedJob, id: Int, lease: Int)
        case work(WorkLease)
    }

    var random: SplitMix
    let fixture: CatalogueFixture
    var catalogue: Catalogue
    var model = ModelCatalogue()
    var disks: [String: [String: Entry]] = ["disk": [:], "card": [:], "other": [:]]
    var mounted: String?
    var recipe = "1"
    var leases: [Lease] = []
    var clock: Int64 = 0
    var completions = 0
    var waits = 0
    var replacements = 0

    static let names = ["a", "d", "d.x", "dd"].flatMap { directory in
        ["1.jpg", "2.jpg", "e/3.jpg", "e.f/4.jpg"].map { "\(directory)/\($0)" }
    }

    init(seed: UInt64) throws {
        random = SplitMix(seed: seed)
        fixture = try CatalogueFixture()
        catalogue = fixture.catalogue
        try mount(nil)
    }

    var now: Double { Double(clock) }
    var moment: Date { Date(timeIntervalSince1970: now) }
    var wanted: Recipe { Recipe(model: "m", version: recipe, settings: [1]) }

    mutating func step() throws {
        clock += 1
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: try changeDisk()
        case 20..<30: try list()
        case 30..<34: try mount(pick([nil, "card", "other"]))
        case 34..<52: try lease()
        case 52..<57: try leaseWork()
        case 57..<70: try identify()
        case 70..<80: try finish()
        case 80..<85: try expire()
        case 85..<87: try kill()
        case 87..<89: try #expect(catalogue.retry(.all, at: moment) == model.retry())
        case 89..<91: try redo()
        case 91: try forget()
        default: try observe(pick(Self.names))
        }
    }

    /// Two of three files are copies of others, so that equal contents meet in the queue.
    mutating func anyContent() -> UInt8 {
        let all = disks.values.flatMap { $0.values.map(\.content) }.sorted()
        guard !random.oneIn(3), let content = all.randomElement(using: &random) else {
            return UInt8.random(in: 1...99, using: &random)
        }
        return content
    }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
