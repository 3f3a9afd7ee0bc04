import Foundation
import Testing

@testable import ModelHub

@Suite struct StatusCheckTests {
    /// Thu, 1 Jan 2026, 00:00:00 GMT.
    private let now = Date(timeIntervalSince1970: 1_767_225_600)

    @Test(arguments: [
        ("0", 0), ("1", 1), (" 120 ", 120), ("99999999999999999999", 9_999_999_999),
        ("Thu, 01 Jan 2026 00:01:30 GMT", 90), ("Wed, 31 Dec 2025 23:00:00 GMT", 0),
    ]) func retryAfterIsSecondsOrADate(text: String, seconds: Int64) {
        #expect(StatusCheck.pause(text, now: now) == .seconds(seconds))
    }

    @Test(arguments: ["", "-1", "soon", "1.5", "Thu, 01 Jan", "٣"]) func anythingElseSaysNothing(
        text: String
    ) {
        #expect(StatusCheck.pause(text, now: now) == nil)
    }
}
