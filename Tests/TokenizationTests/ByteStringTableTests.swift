import TestSupport
import Testing

@testable import Tokenization

@Suite struct ByteStringTableTests {
    /// The same answers as a dictionary over many strings, short ones and equal beginnings included.
    @Test func answersAsADictionary() {
        var table = ByteStringTable()
        var dictionary: [[UInt8]: Int32] = [:]
        var generator = SeededGenerator(seed: 6)
        for value in Int32(0)..<5000 {
            let count = Int.random(in: 0...6, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0..<4, using: &generator) }
            #expect(table.insert(bytes, value: value) == (dictionary[bytes] == nil))
            dictionary[bytes] = dictionary[bytes] ?? value
        }
        for (bytes, value) in dictionary {
            #expect(bytes.withUnsafeBytes(table.value) == value)
        }
        #expect([9].withUnsafeBytes(table.value) == nil)
    }
}
