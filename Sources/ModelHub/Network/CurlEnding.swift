import CCurl

/// How a transfer ended, in libcurl's terms.
struct CurlEnding: Error, CustomStringConvertible {
    private let code: CURLcode
    private let text: String
    /// The proxy's answer to `CONNECT`; 0 where none was asked or none answered.
    private let proxyStatus: Int
    /// Whether OpenSSL found fault with the chain of certificates of host or proxy.
    private let hasBadChain: Bool

    init(_ code: CURLcode, _ easy: UnsafeMutableRawPointer, _ text: String) {
        self.code = code
        self.text = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        proxyStatus = vignette_curl_get_number(easy, CURLINFO_HTTP_CONNECTCODE)
        // OpenSSL's codes: 0 is in order, and 1, which names no fault, is where no chain was seen.
        hasBadChain =
            [CURLINFO_SSL_VERIFYRESULT, CURLINFO_PROXY_SSL_VERIFYRESULT]
            .contains { vignette_curl_get_number(easy, $0) > 1 }
    }

    var description: String { text }

    /// Lets success pass.
    ///
    /// - Throws: `HubError` in words for anything else.
    func check(_ address: WebAddress) throws(HubError) {
        switch code {
        case CURLE_OK: return
        case CURLE_PEER_FAILED_VERIFICATION where hasBadChain:
            throw HubError(
                address, "shows a certificate that no authority known here has signed",
                advice: "If an authority of your own signs here, name the file of its certificate "
                    + "in SSL_CERT_FILE.", cause: self)
        case CURLE_PEER_FAILED_VERIFICATION:
            throw HubError(
                address, "shows a certificate that was made for another name",
                advice: "Check HF_ENDPOINT: somebody else answers there.", cause: self)
        case CURLE_SSL_CACERT_BADFILE:
            throw HubError(
                address, "cannot be trusted: the certificates of authorities cannot be read",
                advice: "Install the package ca-certificates, or name a file in SSL_CERT_FILE.",
                cause: self)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            throw HubError(address, "cannot be asked", cause: self)
        default: throw connectionFailure(address)
        }
    }

    private func connectionFailure(_ address: WebAddress) -> HubError {
        switch proxyStatus {
        case 407: StatusCheck.proxyWantsName(address)
        case 400..<500:
            HubError(
                address, "the proxy refuses to lead there (status \(proxyStatus))",
                advice: "Check the proxy variables; NO_PROXY names hosts that need no proxy.")
        default:
            HubError(
                address, "the connection failed", advice: HTTPExchange.networkAdvice, cause: self,
                recovery: .later(after: nil))
        }
    }
}
