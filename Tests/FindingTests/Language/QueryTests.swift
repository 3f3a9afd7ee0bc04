import Catalogue
import Finding
import TestSupport
import Testing

@Suite struct QueryTests {
    @Test func wordsPhrasesAndExclusionsStayAsTheyAre() throws {
        let query = try Query("boat \"red car\" -night -\"two dogs\"  12:30 http://x.org")
        #expect(query.text == "boat \"red car\" -night -\"two dogs\" 12:30 http://x.org")
        #expect(query.filters.isEmpty)
        #expect(query.tags.isEmpty)
    }

    @Test(
        arguments: [
            ("kind:video", .kind(.video)), ("KIND:Still", .kind(.still)),
            ("rating:4", .rating(4)), ("camera:nikon", .camera("nikon")),
            ("camera:\"nikon z 6\"", .camera("nikon z 6")),
            ("folder:2019/italy", .folder(["2019", "italy"])),
            ("folder:\"/my trips/\"", .folder(["my trips"])),
            ("in:2019", .taken(CaptureSpan(from: "2019", to: "2020"))),
            ("in:2019-07", .taken(CaptureSpan(from: "2019-07", to: "2019-08"))),
            ("in:2019-7", .taken(CaptureSpan(from: "2019-07", to: "2019-08"))),
            ("in:2019-12", .taken(CaptureSpan(from: "2019-12", to: "2020-01"))),
            ("in:2020-02-29", .taken(CaptureSpan(from: "2020-02-29", to: "2020-03"))),
            ("in:9999", .taken(CaptureSpan(from: "9999", to: ":"))),
            ("in:july", .yearly(month: 7, day: nil)), ("in:Sept", .yearly(month: 9, day: nil)),
            ("on:2019-07-26", .taken(CaptureSpan(from: "2019-07-26", to: "2019-07-27"))),
            ("on:12-24", .yearly(month: 12, day: 24)), ("on:02-29", .yearly(month: 2, day: 29)),
            ("after:2019-07", .taken(CaptureSpan(from: "2019-08", to: nil))),
            ("before:2019-07-26", .taken(CaptureSpan(from: nil, to: "2019-07-26"))),
            ("near:48.86,2.35", .near(latitude: 48.86, longitude: 2.35, kilometres: 5)),
            (
                "within:800m near:-33.9,18.4",
                .near(latitude: -33.9, longitude: 18.4, kilometres: 0.8)
            ),
            ("no:place", .lacks(.place)), ("by:human", .captionBy(.human)),
        ] as [(String, SearchCondition)])
    func filtersAreRead(_ text: String, _ condition: SearchCondition) throws {
        #expect(try Query(text).filters == [SearchFilter(condition)])
        #expect(try Query("sea \(text) -night").text == "sea -night")
    }

    @Test func tagsAreApartAndExcludedFiltersAreMarked() throws {
        let query = try Query("tag:Dog tag:\"hot dog\" -tag:cat -kind:video")
        #expect(query.tags == ["dog", "hot dog"])
        #expect(
            query.filters == [
                SearchFilter(.tag("cat"), isExcluded: true),
                SearchFilter(.kind(.video), isExcluded: true),
            ])
    }

    @Test func optionsAreFiltersToo() throws {
        let query = try Query(
            "boat near:1,2", options: [(.within, "3mi"), (.in, "2019"), (.tag, "dog")])
        #expect(
            query.filters == [
                SearchFilter(.near(latitude: 1, longitude: 2, kilometres: 3 * 1.609344)),
                SearchFilter(.taken(CaptureSpan(from: "2019", to: "2020"))),
            ])
        #expect(query.tags == ["dog"])
    }

    @Test(
        arguments: [
            "kind:film", "rating:6", "rating:x", "in:2019-13", "in:2019-02-29", "in:2019-04-31",
            "on:2019", "on:july", "in:0000", "in:20190", "in:ju", "after:july", "before:12-24",
            "near:1", "near:91,0", "near:0,181", "near:nan,1", "within:5km", "near:1,1 within:5",
            "near:1,1 within:0km", "near:1,1 within:infkm", "near:1,1 within:99999km",
            "near:1,1 near:2,2", "near:1,1 within:1km within:2km", "-within:1km near:1,1",
            "no:camera", "by:robot", "folder:\"/\"", "tag:\"\"", "camera:\"\"", "colour:red",
            "in:２０１９", "in:2019-07-26-1", "in:-2019",
        ])
    func wrongFiltersAreRefusedInOneLineThatSaysWhatIsAllowed(_ text: String) {
        let error = #expect(throws: QueryError.self) { try Query(text) }
        let line = error?.description ?? ""
        #expect(!line.contains("\n"))
        #expect(line.utf8.count < 300)
        #expect(line.contains(":"))
    }

    @Test func hostileQueriesAreRefusedInOneShortLine() {
        let texts = [
            String(repeating: "a", count: 1 << 20), String(repeating: "word ", count: 1900),
            String(repeating: "kind:video ", count: 40),
            "in:\"" + String(repeating: "\n9", count: 3000) + "\"",
        ]
        for text in texts {
            let error = #expect(throws: QueryError.self) { try Query(text) }
            #expect(error.map { $0.description.utf8.count < 300 } ?? false)
            #expect(error.map { !$0.description.contains("\n") } ?? false)
        }
        #expect(throws: QueryError.self) {
            try Query("", options: [(.camera, String(repeating: "a", count: 20_000))])
        }
    }

    @Test func anyTextIsReadOrRefused() {
        var random = SeededGenerator(seed: 11)
        let parts = [
            "in:", "on:", "near:", "within:", "-", "\"", ":", "/", "2019", "-07", "1,2", "5km", " ",
            "\u{301}", "\0", "é", "tag", "tag:", "kind:video", "\n", "boat", "👩‍👩‍👧", "x:y",
        ]
        for _ in 0..<3000 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
            do {
                let query = try Query(text)
                // What is left is words alone: reading them again changes nothing.
                let again = try Query(query.text)
                #expect(again.filters.isEmpty && again.tags.isEmpty, "\(text.debugDescription)")
            } catch {
                #expect(!error.description.contains("\n"))
            }
        }
    }

    @Test func daysCoverEachYearWithoutGapOrOverlap() throws {
        for year in [1999, 2000, 2019, 2020, 2100] {
            var end = "\(year)"
            for month in 1...12 {
                for day in 1...31 {
                    let text = "on:\(year)-\(month)-\(day)"
                    guard let query = try? Query(text),
                        case .taken(let span) = query.filters.first?.condition
                    else { continue }
                    // The first of a month begins where the month does.
                    #expect(span.from?.hasPrefix(end) ?? false, "\(text)")
                    end = span.to ?? ""
                }
            }
            #expect(end == "\(year + 1)-01")
        }
    }
}
