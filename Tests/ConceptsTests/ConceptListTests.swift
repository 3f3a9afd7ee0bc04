import Foundation
import ModelLoading
import SystemPackage
import TestSupport
import Testing

@testable import Concepts

@Suite struct ConceptListTests {
    @Test func readsWhatTheFileSays() throws {
        let list = try Self.read(ConceptFiles.list)
        #expect(list.concepts.map(\.word).prefix(3) == ["person", "dog", "duck"])
        #expect(list.concepts[1].classes == [0, 1] && list.concepts[1].isBelieved)
        #expect(list.concepts[8].standsAlone && !list.concepts[7].standsAlone)
        #expect(list.concepts[5].silentBeside == [0])
        #expect(list.general == [ConceptGroup(concept: 4, others: [1, 2, 3])])
        #expect(list.implied.map(\.concept) == [3, 6, 7])
        #expect(list.words.isSuperset(of: ["people", "person", "drawing"]))
    }

    /// A change of the file, and what the error names.
    static let faults: [(old: String, new: String, named: String)] = [
        ("\"num_classes\": 6", "\"num_classes\": 0", "'num_classes'"),
        ("\"hidden_size\": 8", "\"hidden_size\": \"8\"", "'hidden_size'"),
        ("\"sure\": 0.6", "\"sure\": 6", "'sure'"),
        ("[0, 1]", "[0, 6]", "'concepts[1].classes'"),
        ("[\"duck\"], \"certainty\": 0.4", "[\"duck\"]", "'concepts[2].certainty'"),
        ("{\"words\": [\"dog\"]", "{\"words\": []", "'concepts[1].words'"),
        ("{\"words\": [\"dog\"]", "{\"words\": [\"duck\"]", "'concepts'"),
        ("\"unless\": [\"person\"]", "\"unless\": [\"cat\"]", "'concepts[5].unless'"),
        ("\"by\": [\"duck\"]", "\"by\": [\"goose\"]", "'implied[0].by'"),
        ("{\"word\": \"animal\"", "{\"word\": 1", "'general[0].word'"),
        ("\"concepts\": [", "\"concepts\": [1,", "'concepts'"),
        ("\"concepts\": [", "\"others\": [", "'concepts'"),
    ]

    @Test(arguments: faults.indices)
    func aFaultIsNamedByItsKey(_ index: Int) throws {
        let fault = Self.faults[index]
        let changed = ConceptFiles.list.replacing(fault.old, with: fault.new, maxReplacements: 1)
        try #require(changed != ConceptFiles.list)
        let error = try #require(throws: ModelError.self) { try Self.read(changed) }
        #expect(error.description.contains(fault.named), "\(error)")
        #expect(error.description.contains("concepts.json"))
    }

    static func read(_ text: String) throws -> ConceptList {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending(ConceptList.fileName)
        try Data(text.utf8).write(to: URL(filePath: path.string))
        return try ConceptList(try ConfigurationFile(path))
    }
}
