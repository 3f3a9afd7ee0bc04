/// What all pages have around their content.
struct Layout {
    /// The parts of the page that its head leads to.
    enum Section: String, CaseIterable {
        case timeline = "Timeline"
        case browse = "Browse"
        case status = "Status"

        var address: String {
            switch self {
            case .timeline: "/"
            case .browse: "/browse"
            case .status: "/status"
            }
        }
    }

    var title: String
    var section: Section?
    /// What stands in the search box.
    var query = ""
    /// What pages of ours prove themselves with when they change something.
    var scriptToken: String?
    var isSignedIn = true

    /// The whole page around a content that is, or begins with, its `main`.
    func page(_ content: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>\(title) · Vignette</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="light dark">
        \(scriptToken.html { "<meta name=\"vignette-script\" content=\"\($0)\">" })
        <link rel="icon" type="image/svg+xml" href="\(PageResource.icon.address)">
        <link rel="stylesheet" href="\(PageResource.style.address)">
        \(isSignedIn.html("<script type=\"module\" src=\"\(PageResource.main.address)\"></script>"))
        </head>
        <body>
        <a class="skip" href="#content">To the content</a>
        \(isSignedIn.html(head))
        \(content)
        <p id="said" class="hidden" role="status"></p>
        </body>
        </html>
        """
    }

    private var head: HTML {
        """
        <header class="top">
        <a class="home" href="/" aria-label="Vignette, to the timeline"><img src="\(PageResource.icon.address)" \
        width="28" height="28" alt=""></a>
        <form role="search" action="/search" class="search">
        <input type="search" name="q" id="q" value="\(query)" placeholder="Search" aria-label="Search" \
        autocomplete="off" spellcheck="false" enterkeyhint="search" maxlength="1000" list="suggestions">
        <datalist id="suggestions"></datalist>
        </form>
        <nav aria-label="Main"><ul>\(Section.allCases.map(link))</ul></nav>
        </header>
        """
    }

    private func link(to section: Section) -> HTML {
        let current: HTML = section == self.section ? " aria-current=\"page\"" : ""
        return """
            <li><a href="\(section.address)"\(current)>\(section.rawValue)</a></li>
            """
    }
}
