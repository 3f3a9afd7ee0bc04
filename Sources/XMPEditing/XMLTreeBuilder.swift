import CExpat
import XMPWriting

/// Takes Expat's events down.
final class XMLTreeBuilder {
    private let text: [UInt8]
    private(set) var elements: [XMLElement] = []
    private(set) var declaredEncoding: String?
    private var open: [Int] = []
    private var problem: XMPEditError?
    private var parser: OpaquePointer?

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// Runs the parser over the whole text.
    func parse() throws(XMPEditError) {
        // What the text says of its encoding was looked at before; here it is UTF-8.
        guard let parser = XML_ParserCreate("UTF-8") else {
            throw XMPEditError("cannot be parsed: no memory")
        }
        self.parser = parser
        defer {
            XML_ParserFree(parser)
            self.parser = nil
        }
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let name, let attributes else { return }
                XMLTreeBuilder.of(data)?.begin(name, attributes)
            }, { data, _ in XMLTreeBuilder.of(data)?.end() })
        XML_SetCharacterDataHandler(parser) { data, characters, count in
            guard let characters, count > 0 else { return }
            XMLTreeBuilder.of(data)?.add(
                UnsafeRawBufferPointer(start: characters, count: Int(count)))
        }
        XML_SetXmlDeclHandler(parser) { data, _, encoding, _ in
            XMLTreeBuilder.of(data)?.declaredEncoding = encoding.map { String(cString: $0) }
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            XMLTreeBuilder.of(data)?.stop(
                XMPEditError("declares a document type, which no sidecar needs"))
        }
        let status = text.withUnsafeBytes { buffer in
            XML_Parse(
                parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(buffer.count), 1)
        }
        if let problem { throw problem }
        guard status == XML_STATUS_OK, !elements.isEmpty else {
            let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) }
            throw XMPEditError(
                "is no well-formed XML: \(reason ?? "unknown error") "
                    + "(line \(XML_GetCurrentLineNumber(parser)))")
        }
    }

    private static func of(_ data: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
        data.map { Unmanaged<XMLTreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stop(_ reason: XMPEditError) {
        problem = problem ?? reason
        if let parser { _ = XML_StopParser(parser, 0) }
    }

    /// The bytes of the event that is being told of.
    private var place: Range<Int> {
        guard let parser else { return 0..<0 }
        let start = Int(XML_GetCurrentByteIndex(parser))
        return start..<start + Int(XML_GetCurrentByteCount(parser))
    }

    private func begin(
        _ name: UnsafePointer<CChar>, _ values: UnsafeMutablePointer<UnsafePointer<CChar>?>
    ) {
        guard problem == nil else { return }
        guard open.count < XMLDocument.maximumDepth, elements.count < XMLDocument.maximumElements
        else {
            return stop(XMPEditError("has more elements, or deeper ones, than a sidecar needs"))
        }
        var pairs: [(name: String, value: String)] = []
        var position = 0
        while let name = values[position], let value = values[position + 1] {
            pairs.append((String(cString: name), String(cString: value)))
            position += 2
        }
        let place = place
        let parts = XMLStartTag(text, place).parts
        guard parts.count == pairs.count else {
            return stop(XMPEditError("has a tag whose attributes cannot be told apart"))
        }
        var declarations: [String: String] = [:]
        for (name, value) in pairs {
            if name == "xmlns" { declarations[""] = value }
            if name.hasPrefix("xmlns:") { declarations[String(name.dropFirst(6))] = value }
        }
        let written = String(cString: name)
        var element = XMLElement(
            index: elements.count, parent: open.last, written: written,
            name: XMLName(namespace: "", local: written), attributes: [],
            declarations: declarations, startTag: place,
            endTag: place.upperBound..<place.upperBound)
        guard let resolved = resolve(written, in: element, isElement: true) else { return }
        element.name = resolved
        for (pair, part) in zip(pairs, parts) {
            guard let name = resolve(pair.name, in: element, isElement: false) else { return }
            element.attributes.append(
                XMLAttribute(
                    written: pair.name, name: name, value: pair.value, range: part.range,
                    valueRange: part.valueRange, quote: part.quote))
        }
        if let parent = open.last { elements[parent].children.append(element.index) }
        open.append(element.index)
        elements.append(element)
    }

    private func end() {
        guard problem == nil, let last = open.popLast() else { return }
        // The end of a tag that closes itself is told of with no bytes.
        let place = place
        if !place.isEmpty { elements[last].endTag = place }
    }

    private func add(_ bytes: UnsafeRawBufferPointer) {
        guard problem == nil, let last = open.last else { return }
        elements[last].text.append(contentsOf: bytes)
    }

    /// A written name in its namespace; `nil` stops the parser.
    private func resolve(_ written: String, in element: XMLElement, isElement: Bool) -> XMLName? {
        let parts = written.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 1 {
            let isDeclaration = !isElement && written == "xmlns"
            let namespace = isElement ? lookUp("", element) ?? "" : ""
            return XMLName(
                namespace: isDeclaration ? XMPNamespace.xmlns : namespace, local: written)
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            stop(XMPEditError("has the name \(written), which is none in XML's namespaces"))
            return nil
        }
        switch parts[0] {
        case "xml": return XMLName(namespace: XMPNamespace.xml, local: parts[1])
        case "xmlns": return XMLName(namespace: XMPNamespace.xmlns, local: parts[1])
        default:
            guard let namespace = lookUp(parts[0], element), !namespace.isEmpty else {
                stop(XMPEditError("uses the prefix \(parts[0]) without declaring it"))
                return nil
            }
            return XMLName(namespace: namespace, local: parts[1])
        }
    }

    private func lookUp(_ prefix: String, _ element: XMLElement) -> String? {
        if let found = element.declarations[prefix] { return found }
        for index in open.reversed() {
            if let found = elements[index].declarations[prefix] { return found }
        }
        return nil
    }
}
