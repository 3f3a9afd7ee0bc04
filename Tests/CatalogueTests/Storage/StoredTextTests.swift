@testable import Catalogue
import Testing

@Suite struct StoredTextTests {
    @Test(arguments: [
        (" a boat\n", "a boat"), ("a\0b", "ab"), ("\0 \t", ""), ("", ""), ("x", "x"),
        ("  un  deux  ", "un  deux"),
    ])
    func losesZeroesAndSpaceAround(_ text: String, _ cleaned: String) {
        #expect(StoredText.clean(text) == cleaned)
    }
}
