import Testing

@testable import Finding

@Suite struct SpokenTextTests {
    @Test func isWhatShallBeSeen() {
        #expect(
            SpokenText("a dog \"in the snow\" -cat -\"two dogs\" !!").text == "a dog in the snow")
        #expect(SpokenText("-cat \"\" ...").isEmpty)
        #expect(SpokenText("").isEmpty)
    }

    @Test(arguments: [
        ("a dog", true), ("Café Größe", true), ("2019", true), ("поезд", false), ("犬", false),
        ("dog 犬が犬が", false), ("train поезд", true),
    ])
    func scriptsAreTold(text: String, isLatin: Bool) {
        #expect(SpokenText(text).isLatin == isLatin)
    }
}
