import Foundation

/// How a sidecar's text becomes bytes.
enum SidecarCoding: CaseIterable {
    case utf8
    case utf8WithMark
    case utf16Big
    case utf16Little

    func bytes(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .utf8WithMark: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        case .utf16Big: [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        case .utf16Little:
            [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
    }

    /// The bytes of a part of a text, without a mark.
    func part(_ text: String) -> [UInt8] {
        switch self {
        case .utf8, .utf8WithMark: Array(text.utf8)
        case .utf16Big, .utf16Little: Array(bytes(text).dropFirst(2))
        }
    }
}

/// A sidecar as one of the programs writes it, with which parts of it are not ours to touch.
struct GeneratedSidecar {
    /// The programs whose forms are imitated.
    enum Program: CaseIterable {
        case lightroom, digiKam, darktable, captureOne, immich, photoPrism, apple, exiftool
    }

    /// What stands in it of what is edited.
    enum Content: CaseIterable {
        case nothing, texts, plain, empty, attributes
    }

    var program: Program
    var content: Content
    var coding: SidecarCoding
    var hasCarriageReturns: Bool
    /// The text in parts; `nil` before one that may be changed.
    private var parts: [(text: String, isForeign: Bool)] = []
    private(set) var caption: String?
    private(set) var keywords: Set<String> = []
    private(set) var paths: Set<String> = []

    /// All combinations.
    static var all: [GeneratedSidecar] {
        Program.allCases.flatMap { program in
            Content.allCases.flatMap { content in
                SidecarCoding.allCases.flatMap { coding in
                    [false, true].map {
                        GeneratedSidecar(program, content, coding, hasCarriageReturns: $0)
                    }
                }
            }
        }
    }

    init(
        _ program: Program, _ content: Content, _ coding: SidecarCoding, hasCarriageReturns: Bool
    ) {
        self.program = program
        self.content = content
        self.coding = coding
        self.hasCarriageReturns = hasCarriageReturns
        build()
    }

    var name: String { "\(program)-\(content)-\(coding)-\(hasCarriageReturns ? "crlf" : "lf")" }

    var bytes: [UInt8] { coding.bytes(parts.map { lines($0.text) }.joined()) }

    /// What must stand in any edited form, byte for byte and in this order.
    var foreign: [[UInt8]] { parts.filter(\.isForeign).map { coding.part(lines($0.text)) } }

    private func lines(_ text: String) -> String {
        hasCarriageReturns ? text.replacingOccurrences(of: "\n", with: "\r\n") : text
    }

    private mutating func keep(_ text: String) { parts.append((text, true)) }
    private mutating func own(_ text: String) { parts.append((text, false)) }

    // MARK: - Wrappers

    private mutating func build() {
        let isWide = coding == .utf16Big || coding == .utf16Little
        switch program {
        case .darktable, .photoPrism:
            keep("<?xml version=\"1.0\" encoding=\"\(isWide ? "UTF-16" : "UTF-8")\"?>\n")
        case .digiKam:
            keep("<?xml version=\"1.0\" encoding=\"\(isWide ? "utf-16" : "utf-8")\" ?>\n")
        default: break
        }
        if [.lightroom, .exiftool, .captureOne].contains(program) {
            keep("<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n")
        }
        keep("<!-- kept: <rdf:Description> &amp; all, \(program) -->\n")
        if program != .apple {
            keep("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"other 1.0\">\n")
        }
        let rdf = program == .immich ? "r" : "rdf"
        keep(
            " <\(rdf):RDF xmlns:\(rdf)='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n")
        describe(rdf)
        keep("\n </\(rdf):RDF>")
        if program != .apple { keep("\n</x:xmpmeta>\n") }
        if [.lightroom, .exiftool, .captureOne].contains(program) {
            keep(String(repeating: "          \n", count: 20) + "<?xpacket end=\"w\"?>")
        }
        if program == .digiKam { keep("\n<?keep this?>\n") }
    }

    private mutating func describe(_ rdf: String) {
        let foreign = "xmlns:my=\"http://example.org/my/\" my:Odd='a &lt; \"b\"'"
        let spaces = """
            xmlns:dc="http://purl.org/dc/elements/1.1/"
                xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
                xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
                xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
                xmlns:digiKam="http://www.digikam.org/ns/1.0/"
            """
        // exiftool writes a description a namespace, and the others before and behind stay as they are.
        if program == .exiftool {
            keep("  <rdf:Description rdf:about=''\n  xmlns:exif='http://ns.adobe.com/exif/1.0/'")
            keep(">\n  <exif:FNumber>28/10</exif:FNumber>")
            keep("\n </rdf:Description>\n")
        }
        keep(
            "  <\(rdf):Description \(rdf):about=\"\"\n    \(spaces)\n    \(foreign)\n    xmp:Rating=\"4\""
        )
        if content == .attributes {
            caption = "by attribute & \"quotes\""
            own("\n    dc:description=\"by attribute &amp; &quot;quotes&quot;\"")
            own("\n    tiff:ImageDescription='by attribute &amp; \"quotes\"'")
            keywords = ["lone"]
            own("\n    dc:subject=\"lone\"")
        }
        keep(">\n")
        keep(
            "   <my:Thing \(rdf):parseType=\"Resource\"><my:in>1 &#x26; 2</my:in></my:Thing>\n")
        texts(rdf)
        keep("   <my:Last><\(rdf):Seq><\(rdf):li>x</\(rdf):li><\(rdf):li/></\(rdf):Seq></my:Last>")
        // What is added comes here.
        keep("\n  </\(rdf):Description>")
        if program == .exiftool || program == .digiKam {
            keep(
                "\n  <rdf:Description rdf:about=''\n   xmlns:z='urn:z'><z:y z:w='v'/></rdf:Description>"
            )
        }
    }

    // MARK: - Texts

    private mutating func texts(_ rdf: String) {
        switch content {
        case .nothing, .attributes: break
        case .texts:
            caption = "An old <caption> ü"
            keep("   <dc:description>\n    <\(rdf):Alt>\n     <\(rdf):li xml:lang=\"x-default\">")
            own("An old &lt;caption&gt; &#xFC;")
            keep(
                "</\(rdf):li>\n     <\(rdf):li xml:lang='de'>bleibt</\(rdf):li>\n    </\(rdf):Alt>\n"
            )
            keep("   </dc:description>\n")
            let array = program == .photoPrism || program == .apple ? "Seq" : "Bag"
            keywords = ["Anna", "Lake Garda", "Garda"]
            keep(
                "   <dc:subject><\(rdf):\(array)>\n     <\(rdf):li>Anna</\(rdf):li>\n"
                    + "     <\(rdf):li>Lake Garda</\(rdf):li>")
            keep("\n    </\(rdf):\(array)></dc:subject>\n")
            paths = ["Places/Italy/Garda"]
            keep(
                "   <lr:hierarchicalSubject>\n    <\(rdf):Bag>\n"
                    + "     <\(rdf):li>Places|Italy|Garda</\(rdf):li>")
            keep("\n    </\(rdf):Bag>\n   </lr:hierarchicalSubject>\n")
        case .plain:
            caption = "plain & simple"
            keep("   <dc:description>")
            own("<![CDATA[plain & simple]]>")
            keep("</dc:description>\n")
            keep("   <tiff:ImageDescription>")
            own("plain &amp; simple")
            keep("</tiff:ImageDescription>\n")
            keywords = ["Dog", "cat"]
            paths = ["Animals/Dog"]
            keep(
                "   <digiKam:TagsList><\(rdf):Seq><\(rdf):li>Animals/Dog</\(rdf):li>"
                    + "<\(rdf):li>cat</\(rdf):li>")
            keep("</\(rdf):Seq></digiKam:TagsList>\n")
            // One program writes a keyword alone without an array.
            keep("   ")
            own("<dc:subject>cat</dc:subject>")
            keep("\n")
        case .empty:
            own("   <dc:description/>\n   <dc:subject>\n    <\(rdf):Bag/>\n   </dc:subject>\n")
            own("   <dc:title><\(rdf):Alt>\n   </\(rdf):Alt></dc:title>\n")
        }
    }
}
