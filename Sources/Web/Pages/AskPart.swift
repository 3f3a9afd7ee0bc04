import Captioning

/// A question about a picture or clip: the form, and what came of it.
struct AskPart {
    var asset: Int64
    /// The longest question that the page takes, in characters.
    static let longest = 300

    /// The form, as a part of the picture's page.
    var form: HTML { form(asking: "") }

    /// The form with a question in it.
    func form(asking question: String) -> HTML {
        """
        <section aria-label="Ask about it" class="ask"><h2>Ask</h2>
        <form action="/pictures/\(asset)/ask" method="get" data-ask>
        <label for="question">Question</label>
        <input id="question" name="question" value="\(question)" maxlength="\(Self.longest)" required \
        autocomplete="off" enterkeyhint="send">
        <button>Ask</button>
        <button type="button" data-stop hidden>Stop</button>
        </form>
        <div class="answer" aria-live="polite"></div></section>
        """
    }

    /// An answer, with the seconds of a clip that it rests on.
    static func answered(_ answer: PageAnswer) -> HTML {
        let seconds = answer.seconds.map(ShownMoment.clock).joined(separator: ", ")
        return """
            <div data-said="\(answer.text)"><p>\(answer.text)</p>
            \((!seconds.isEmpty).html("<p class=\"quiet\">It rests on \(seconds).</p>"))
            <p class="quiet">By the model \(answer.model), which can be wrong.</p></div>
            """
    }

    /// Something else to say.
    static func told(_ words: String, isProblem: Bool) -> HTML {
        "<div data-said=\"\(words)\"><p class=\"\(isProblem ? "problem" : "quiet")\">\(words)</p></div>"
    }
}
