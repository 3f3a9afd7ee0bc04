@testable import Catalogue
import Testing

@Suite struct NameMatchTests {
    @Test(
        arguments: [
            ("boat", "2024/Boat-trip.jpg", 1), ("boa trip", "2024/boat_trip.jpg", 2),
            ("\"boa\"", "boat.jpg", 0), ("\"boat trip\"", "a/boat trip.jpg", 1),
            ("\"trip boat\"", "a/boat trip.jpg", 0), ("cafe", "Café/1.jpg", 1),
            ("boat -trip", "boat trip.jpg", 1), ("", "boat.jpg", 0),
            ("img_0412", "IMG_0412.JPG", 1),
        ] as [(String, String, Int)])
    func countsTheTermsThatAPathHas(_ query: String, _ path: String, _ count: Int) {
        #expect(NameMatch(SearchExpression(query).terms).count(in: path) == count)
    }
}
