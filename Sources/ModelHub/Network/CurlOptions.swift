import CCurl

/// The options of a request; notes whether libcurl refused one.
final class CurlOptions {
    private let easy: UnsafeMutableRawPointer
    private(set) var hasFailed = false

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    func set(_ option: CURLoption, _ value: Int) {
        note(vignette_curl_set_number(easy, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }

    /// Sets a text, or with nil takes libcurl's default away.
    func set(_ option: CURLoption, _ value: String?) {
        note(vignette_curl_set_text(easy, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        note(vignette_curl_set_pointer(easy, option, value))
    }

    func set(_ option: CURLoption, _ sink: vignette_curl_sink?) {
        note(vignette_curl_set_sink(easy, option, sink))
    }

    private func note(_ success: Bool) { hasFailed = hasFailed || !success }

    /// What holds for every request, however it gets there.
    func setBasics() {
        // No file of ours asks for another protocol, and no server may.
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // Parts of a large file come over connections of their own rather than share one.
        set(CURLOPT_HTTP_VERSION, vignette_curl_http_1_1)
        // Signed addresses come back as they are.
        set(CURLOPT_PATH_AS_IS, true)
        set(CURLOPT_SSLVERSION, vignette_curl_tls_1_2)
        // No signals: they belong to the program.
        set(CURLOPT_NOSIGNAL, true)
        // A thread that still looks a name up is not waited for.
        set(CURLOPT_QUICK_EXIT, true)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        // Which proxy leads where is ours to say, not the environment's of the moment.
        set(CURLOPT_NOPROXY, "")
    }

    /// Sets the way to the host.
    func setRoute(_ route: ProxySettings.Route) {
        switch route {
        case .direct:
            set(CURLOPT_PROXY, "")
        case .socks(let host, let port):
            setProxy(host, port, vignette_curl_proxy_socks)
        case .tunnel(let proxy):
            setProxy(
                proxy.host, proxy.port,
                proxy.isEncrypted ? vignette_curl_proxy_https : vignette_curl_proxy_http)
            set(CURLOPT_HTTPPROXYTUNNEL, true)
            if let user = proxy.user {
                set(CURLOPT_PROXYUSERNAME, user)
                set(CURLOPT_PROXYPASSWORD, proxy.password ?? "")
            }
        }
    }

    private func setProxy(_ host: String, _ port: Int, _ kind: Int) {
        set(CURLOPT_PROXY, host)
        set(CURLOPT_PROXYPORT, port)
        set(CURLOPT_PROXYTYPE, kind)
    }

    /// Sets whose certificates are believed, of the host and of an encrypted proxy alike.
    func setTrust(_ trust: TrustSettings) {
        guard trust.isOwn else { return }
        for (option, value) in [
            (CURLOPT_CAINFO, trust.file), (CURLOPT_CAPATH, trust.folder),
            (CURLOPT_PROXY_CAINFO, trust.file), (CURLOPT_PROXY_CAPATH, trust.folder),
        ] {
            set(option, value)
        }
    }
}
