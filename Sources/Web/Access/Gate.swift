import NIOHTTP1

/// What every request has to pass, in this order: the name it asks for, its form, where it comes from, who sends it,
/// and whether a page of ours made it.
///
/// The name comes first: where a foreign name points to this machine, everything that follows would fit together.
struct Gate: Sendable {
    /// The header with which our own scripts say that it is they who write.
    static let scriptHeader = "X-Vignette-Script"

    let hosts: HostList
    let sessions: SessionStore
    let password: Password

    /// Why a request is refused; `nil` if it may come in.
    func refusal(of head: HTTPRequestHead, port: Int) -> WebResponse? {
        let host = head.headers["Host"]
        guard host.count == 1, hosts.allows(host[0], port: port) else {
            return .text(
                .misdirectedRequest,
                "This server is not known by that name. Use the address that 'vignette open' prints, or allow "
                    + "the name with 'vignette serve --name'.\n")
        }
        guard [.GET, .HEAD, .POST].contains(head.method) else {
            return .text(.methodNotAllowed, "That is not done here.\n")
        }
        guard head.uri.hasPrefix("/"), !head.headers.contains(name: "Upgrade") else {
            return .text(.badRequest, "There is no such address.\n")
        }
        guard isFromHere(head, host: host[0]) else {
            return .text(.forbidden, "Pages of others may not ask this one.\n")
        }
        guard let visitor = Visitor(head) else { return nil }
        return refusal(of: visitor, head)
    }

    /// Whether no foreign page sent it.
    ///
    /// What sends neither header is no browser, or an old one, which the strict cookie protects.
    private func isFromHere(_ head: HTTPRequestHead, host: String) -> Bool {
        let sites = head.headers["Sec-Fetch-Site"]
        guard sites.allSatisfy({ $0 == "same-origin" || $0 == "none" }) else { return false }
        let origins = head.headers["Origin"]
        return origins.allSatisfy { origin in
            ["http://\(host)", "https://\(host)"].contains {
                $0.lowercased() == origin.lowercased()
            }
        }
    }

    private func refusal(of visitor: Visitor, _ head: HTTPRequestHead) -> WebResponse? {
        guard let session = Session(head, sessions) else {
            return visitor == .reader
                ? .page(SignInPage(hasPassword: password.isSet).html, .unauthorized)
                : .text(.unauthorized, "Sign in first.\n")
        }
        guard visitor == .writer else { return nil }
        guard head.headers["Content-Type"] == ["application/json"],
            head.headers[Self.scriptHeader] == [session.scriptToken]
        else { return .text(.forbidden, "Only pages of this server may change anything.\n") }
        return nil
    }
}

/// What a request is about to do.
private enum Visitor {
    case reader, writer

    /// `nil` for what everybody may ask for: the way in, and what its page looks like.
    init?(_ head: HTTPRequestHead) {
        let path = head.uri.prefix { $0 != "?" }
        switch head.method {
        case .POST where path == SignIn.address: return nil
        case .POST: self = .writer
        default:
            guard path != SignIn.tokenAddress, !path.hasPrefix(PageResource.folder) else {
                return nil
            }
            self = .reader
        }
    }
}
