import Foundation
import MediaDecoding
import Testing

@Suite struct MediaProbeTests {
    private let probe = MediaProbe(
        identity: [UInt8](repeating: 7, count: 32), kind: .still, format: "jpeg", width: 3,
        height: 2, isIncomplete: true)

    @Test func saysThatAFileIsIncompleteWhenReadBack() throws {
        let json = try JSONEncoder().encode(probe)
        #expect(try JSONDecoder().decode(MediaProbe.self, from: json) == probe)
    }

    @Test func isCompleteWhereNothingIsSaidOfIt() throws {
        let json = String(decoding: try JSONEncoder().encode(probe), as: UTF8.self)
        let shorter = json.replacingOccurrences(of: "\"isIncomplete\":true", with: "\"x\":1")
        #expect(shorter != json)
        let read = try JSONDecoder().decode(MediaProbe.self, from: Data(shorter.utf8))
        #expect(!read.isIncomplete)
    }
}
