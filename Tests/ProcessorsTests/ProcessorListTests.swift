import Testing

@testable import Processors

@Suite struct ProcessorListTests {
    @Test(
        arguments: [
            ("", []), ("0", [0]), ("0-3,8", [0, 1, 2, 3, 8]), ("5,5-6\n", [5, 6]),
            (" 1 , 2 ", [1, 2]),
        ] as [(String, Set<Int>)])
    func listsAreRead(text: String, numbers: Set<Int>) {
        #expect(ProcessorList.numbers(text) == numbers)
    }

    @Test(arguments: ["3-1", "-1", "1-", "a", "1,,2", "0-9999999999", "1-2-3", "65536"])
    func whatIsNoListIsNone(text: String) {
        #expect(ProcessorList.numbers(text) == nil)
    }
}
