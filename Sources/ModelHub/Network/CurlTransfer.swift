import CCurl
import Foundation

/// One request at a time through libcurl, on the thread that drives it; the connections stay open for
/// the next.
///
/// Nothing is received between two calls of `advance`, so that a slow disk slows the sender down
/// instead of filling the memory: one call takes a few hundred kilobytes at most.
///
/// `@unchecked Sendable`: `HTTPTransport` hands it to one exchange at a time, which one thread drives.
final class CurlTransfer: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private let easy: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var isRunning = false
    /// libcurl's own words for what went wrong.
    private let errorText: UnsafeMutablePointer<CChar>
    private var received: [UInt8] = []

    /// Whether status and headers have come.
    private(set) var hasHead = false
    /// How it ended; nil until then.
    private(set) var ending: CurlEnding?

    /// Bytes that are read from a connection at once.
    private static let bufferBytes = 1 << 17
    /// Must be called before anything else of libcurl, once.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Prepares; nil where memory is out.
    init?() {
        guard Self.isReady, let multi = curl_multi_init() else { return nil }
        guard let easy = curl_easy_init() else {
            curl_multi_cleanup(multi)
            return nil
        }
        (self.multi, self.easy) = (UnsafeMutableRawPointer(multi), UnsafeMutableRawPointer(easy))
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    }

    deinit {
        end()
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        errorText.deallocate()
    }

    /// Sends a request as soon as it is driven.
    ///
    /// - Parameters:
    ///   - method: What is asked with.
    ///   - address: Where.
    ///   - headers: What is sent along.
    ///   - configure: Sets what depends on the way there.
    /// - Returns: Whether libcurl takes all of it.
    func begin(
        _ method: HTTPMethod, _ address: WebAddress, _ headers: HTTPHeaders,
        configure: (CurlOptions) -> Void
    ) -> Bool {
        end()
        curl_easy_reset(easy)
        errorText.pointee = 0
        (hasHead, ending, received) = (false, nil, [])
        for field in headers.fields {
            guard let list = curl_slist_append(headerList, "\(field.name): \(field.value)") else {
                return false
            }
            headerList = list
        }
        let options = CurlOptions(easy)
        options.set(CURLOPT_URL, address.url.absoluteString)
        options.set(CURLOPT_NOBODY, method == .head)
        options.set(CURLOPT_HTTPHEADER, headerList)
        options.set(CURLOPT_BUFFERSIZE, Self.bufferBytes)
        options.set(CURLOPT_ERRORBUFFER, errorText)
        options.setBasics()
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_HEADERDATA, context)
        options.set(CURLOPT_WRITEDATA, context)
        options.set(CURLOPT_HEADERFUNCTION) { line, size, count, context in
            CurlTransfer.from(context)?.takeLine(
                UnsafeRawBufferPointer(start: line, count: size * count))
            return size * count
        }
        options.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let bytes = UnsafeRawBufferPointer(start: bytes, count: size * count)
            CurlTransfer.from(context)?.received.append(contentsOf: bytes)
            return size * count
        }
        configure(options)
        isRunning = !options.hasFailed && curl_multi_add_handle(multi, easy) == CURLM_OK
        return isRunning
    }

    /// Sends and receives what can be without waiting; if that is nothing, waits for some of it.
    func advance(waiting milliseconds: Int32) {
        guard isRunning, ending == nil else { return }
        let before = (hasHead, received.count)
        var running: Int32 = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else {
            return ending = CurlEnding(CURLE_FAILED_INIT, easy, "libcurl cannot go on")
        }
        var code = CURLE_OK
        if vignette_curl_take_ending(multi, &code) {
            ending = CurlEnding(code, easy, String(cString: errorText))
        } else if before == (hasHead, received.count) {
            curl_multi_poll(multi, nil, 0, milliseconds, nil)
        }
    }

    /// Status and headers, once they have come.
    var head: HTTPResponseHead {
        var headers = HTTPHeaders()
        var field: UnsafeMutablePointer<curl_header>?
        while true {
            field = curl_easy_nextheader(easy, UInt32(CURLH_HEADER), -1, field)
            guard let found = field?.pointee, let name = found.name, let value = found.value else {
                break
            }
            headers.add(name: String(cString: name), value: String(cString: value))
        }
        let status = vignette_curl_get_number(easy, CURLINFO_RESPONSE_CODE)
        return HTTPResponseHead(status: status, headers: headers)
    }

    /// Bytes of the body that have come and were not taken yet.
    func takeBytes() -> [UInt8] {
        defer { received = [] }
        return received
    }

    /// Gives the request up where it still goes on, which closes its connection.
    func end() {
        if isRunning { curl_multi_remove_handle(multi, easy) }
        isRunning = false
        curl_slist_free_all(headerList)
        headerList = nil
    }

    /// An empty line ends the head, unless an interim one (100 to 199) that another head follows.
    private func takeLine(_ line: UnsafeRawBufferPointer) {
        guard line.allSatisfy({ $0 == 13 || $0 == 10 }) else { return }
        if vignette_curl_get_number(easy, CURLINFO_RESPONSE_CODE) >= 200 { hasHead = true }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
    }
}
