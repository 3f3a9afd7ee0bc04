import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct UnsupportedKindTests {
    private func verdict(_ text: String) -> CodecError? {
        do {
            _ = try MediaFormat(of: text.unicodeScalars.map { UInt8($0.value) })
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        ("<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>", "an SVG drawing"),
        ("%PDF-1.7\n", "a PDF document"),
        ("%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript drawing (EPS)"),
        ("gimp xcf v011\0", "a GIMP picture (XCF)"), ("P6\n2 2\n255\n", "a portable picture (PNM)"),
        ("\0\0\u{1}\0\u{1}\0" + String(repeating: " ", count: 20), "an icon (ICO)"),
        ("\0\0\u{2}\0\u{2}\0" + String(repeating: " ", count: 20), "a cursor (CUR)"),
        ("\0\0\u{1}\u{b3}\u{14}\0\u{f0}\u{14}", "MPEG video without a container"),
        (#"{"v":"5.5.7","fr":30,"ip":0,"op":60,"w":1,"h":1,"layers":[]}"#, "a Lottie animation"),
    ])
    func isSaidToBeNotSupported(_ text: String, _ kind: String) {
        #expect(verdict(text) == .notSupported(kind))
    }

    @Test(arguments: [
        "P6", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{9}",
        // A picture of Targa, whose beginning is like a cursor's with no picture in it.
        "\0\0\u{2}" + String(repeating: "\0", count: 9) + "@\0@\0\u{18} " + "........",
    ])
    func whatIsNoPictureIsUnknown(_ text: String) {
        #expect(verdict(text) == MediaFormat.unknown)
    }

    @Test(arguments: ["<html><body/></html>", "{\"a\": 1}", "import Foundation\n"])
    func textsAreSaidToBeTexts(_ text: String) {
        #expect(verdict(text) == .rejected("is a text, not a picture or clip"))
    }
}
