/// A page that only says something.
struct NoticePage {
    var title: String
    var text: String

    var html: HTML {
        Layout(title: title).page(
            "<main id=\"content\" class=\"narrow\"><h1>\(title)</h1><p>\(text)</p></main>")
    }
}
