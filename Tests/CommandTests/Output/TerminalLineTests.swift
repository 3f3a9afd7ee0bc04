import Testing

@testable import vignette

struct TerminalLineTests {
    @Test(arguments: [(-1.0, 0), (0, 0), (0.5, 12), (1, 24), (7, 24)])
    func aBarIsAsFullAsTheShare(_ share: Double, _ filled: Int) {
        let bar = TerminalLine.bar(share)
        #expect(bar.count == 24)
        #expect(bar.filter { $0 == "━" }.count == filled)
    }
}
