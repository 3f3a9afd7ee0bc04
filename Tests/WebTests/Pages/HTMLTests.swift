import Testing

@testable import Web

@Suite struct HTMLTests {
    @Test func whatIsPutBetweenIsEscaped() {
        let text = "<b a=\"1\" c='2'>&amp;"
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        let escaped = "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;"
        #expect(html.text == "<p title=\"\(escaped)\">\(escaped)</p>")
    }

    @Test func piecesAreKeptAsTheyAre() {
        let pieces: [HTML] = ["<i>1</i>", "<i>2</i>"]
        let html: HTML = "<p>\(pieces)\(7)\(HTML.empty)</p>"
        #expect(html.text == "<p><i>1</i><i>2</i>7</p>")
    }

    @Test(arguments: ["\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{202E}", "\u{2066}"])
    func controlsAreNotLetThrough(control: String) {
        let html: HTML = "\(control)"
        #expect(html.text == "\u{FFFD}")
    }

    @Test func textsOfAllScriptsAreKept() {
        let text = "Ærøskøbing 東京 🏖️ é\n\t"
        let html: HTML = "\(text)"
        #expect(html.text == text)
    }
}
