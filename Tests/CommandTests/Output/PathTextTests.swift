import Foundation
import SystemPackage
import Testing

@testable import vignette

@Suite struct PathTextTests {
    @Test func showsNoControlCharacterToATerminal() {
        #expect(PathText("/a\u{1B}[31m/b\nc").display == "/a\u{FFFD}[31m/b\u{FFFD}c")
    }

    @Test func isAStringWhereItCanBe() throws {
        #expect(try JSONLine.text(PathText("/été/x")) == "\"/été/x\"\n")
    }

    @Test func keepsBytesThatAreNoText() throws {
        let path = [CChar(bitPattern: 0x2F), CChar(bitPattern: 0xFF), 0].withUnsafeBufferPointer {
            $0.baseAddress.map { FilePath(platformString: $0) }
        }
        let text = try JSONLine.text(PathText(try #require(path)))
        #expect(text.contains("\"base64\":\"L/8=\""))
    }
}
