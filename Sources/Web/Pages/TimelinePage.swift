import Catalogue

/// Pictures of the timeline that follow each other, under the names of their months.
struct TimelineRun {
    var pictures: [AssetBrief]
    /// Whether there are some before the first.
    var hasNewer: Bool
    /// Whether there are some behind the last.
    var hasOlder: Bool
    /// The month under which the run begins, whose name stands there already.
    var monthBefore: String?
    /// What stands in the places of pictures until they come.
    var tints = Tints.none

    var html: HTML {
        let newer = hasNewer ? pictures.first.map { ("before", $0.place.text) } : nil
        let older = hasOlder ? pictures.last.map { ("after", $0.place.text) } : nil
        return """
            <div class="run"\(attribute("newer", newer))\(attribute("older", older))>
            \(newer.html { link("Newer", "newer", $0) })
            \(months.map(section))
            \(older.html { link("Older", "older", $0) })
            </div>
            """
    }

    private func attribute(_ name: String, _ place: (String, String)?) -> HTML {
        place.html { " data-\(name)=\"\(PageAddress.with("/", ("part", "1"), ($0.0, $0.1)))\"" }
    }

    private func link(_ words: String, _ rel: String, _ place: (String, String)) -> HTML {
        """
        <p class="more"><a href="\(PageAddress.with("/", (place.0, place.1)))" rel="\(rel)">\(words)</a></p>
        """
    }

    private var months: [(name: String, pictures: [AssetBrief])] {
        var months: [(name: String, pictures: [AssetBrief])] = []
        for picture in pictures {
            let name = ShownMoment.month(picture.takenAt)
            if months.last?.name == name {
                months[months.count - 1].pictures.append(picture)
            } else {
                months.append((name, [picture]))
            }
        }
        return months
    }

    private func section(_ month: (name: String, pictures: [AssetBrief])) -> HTML {
        let isContinued = month.name == monthBefore && month.name == months.first?.name
        return """
            <section aria-label="\(month.name)">
            \((!isContinued).html("<h2>\(month.name)</h2>"))
            \(PictureGrid(pictures: month.pictures, hasPlaces: true, tints: tints).html)
            </section>
            """
    }
}

/// The timeline's page: a run, and beside it the months.
struct TimelinePage {
    var run: TimelineRun

    var html: HTML {
        """
        <main id="content" class="timeline">
        <h1 class="hidden">Timeline</h1>
        \(run.pictures.isEmpty ? empty : run.html)
        </main>
        <nav class="rail" aria-label="Months" data-part="/months?part=1"><a href="/months">Months</a></nav>
        """
    }

    private var empty: HTML {
        """
        <div class="notice"><p>No pictures yet.</p>
        <p class="quiet">They appear here as soon as <code>vignette watch</code> has looked at them.</p></div>
        """
    }
}

/// Years and months to jump to.
struct MonthRail {
    var months: [MonthCount]

    var html: HTML {
        "<ol class=\"years\">\(years.map(year))\(undated.html(link(toUndated:)))</ol>"
    }

    private var undated: MonthCount? { months.first { $0.month == nil } }

    private var years: [(name: String, months: [MonthCount])] {
        var years: [(name: String, months: [MonthCount])] = []
        for month in months {
            guard let name = month.month.map({ String($0.prefix(4)) }) else { continue }
            if years.last?.name == name {
                years[years.count - 1].months.append(month)
            } else {
                years.append((name, [month]))
            }
        }
        return years
    }

    private func year(_ year: (name: String, months: [MonthCount])) -> HTML {
        let all = year.months.reduce(0) { $0 + $1.assets }
        return """
            <li><a href="\(PageAddress.with("/", ("at", year.name)))" data-at="\(year.name)">\(year.name)</a> \
            <span class="count">\(all)</span>
            <ol>\(year.months.map(month))</ol></li>
            """
    }

    private func month(_ month: MonthCount) -> HTML {
        guard let name = month.month, name.utf8.count == 7 else { return .empty }
        let words = ShownMoment.monthName(name)
        return """
            <li><a href="\(PageAddress.with("/", ("at", name)))" data-at="\(name)">\(String(words.prefix(3)))\
            <span class="ending">\(String(words.dropFirst(3)))</span></a> \
            <span class="count">\(month.assets)</span></li>
            """
    }

    private func link(toUndated month: MonthCount) -> HTML {
        """
        <li><a href="/?at=undated" data-at="undated">No date</a> <span class="count">\(month.assets)</span></li>
        """
    }
}
