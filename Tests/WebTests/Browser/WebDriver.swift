import Foundation
import SystemPackage
import TestSupport

/// A Chromium that a test drives by the WebDriver protocol (W3C), with a window of the size of a desk or a phone.
final class WebDriver: Sendable {
    /// The program that drives it, where it is installed.
    static let program: FilePath? = ["/usr/bin/chromedriver", "/usr/local/bin/chromedriver"].map {
        FilePath($0)
    }
    .first { FileManager.default.isExecutableFile(atPath: $0.string) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process: RunningProgram
    private let address: String
    private let session: String
    private let directory: TemporaryDirectory

    /// Starts chromedriver and waits until it says where it listens.
    ///
    /// Beside many programs that take ports it may end before it listens, and is started anew.
    private static func start(
        _ program: FilePath, home: FilePath
    ) async throws -> (RunningProgram, port: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for _ in 0..<mostStarts {
            let process = try RunningProgram(
                ProgramLaunch(
                    program, ["--port=0"],
                    environment: [
                        // Its sockets lie in the system's own temporary folder, or their paths would be too long.
                        "PATH": path, "HOME": home.string,
                    ]))
            let port = {
                process.output.text.firstMatch(of: #/successfully on port (\d+)/#)
                    .map { String($0.1) }
            }
            try await eventually("chromedriver listens") { port() != nil || !process.isRunning }
            if let port = port() { return (process, port) }
        }
        throw Failure(description: "chromedriver ended \(mostStarts) times before it listened")
    }

    private static let mostStarts = 5

    /// Opens a window.
    ///
    /// - Parameters:
    ///   - width: Of what is seen of a page.
    ///   - height: Likewise.
    ///   - isDark: Whether the person prefers dark pages.
    /// - Throws: `Failure`, `NeverHappened`.
    init(width: Int, height: Int, isDark: Bool = false) async throws {
        guard let program = Self.program else { throw Failure(description: "no chromedriver") }
        directory = try TemporaryDirectory()
        let (process, port) = try await Self.start(program, home: directory.path)
        self.process = process
        address = "http://127.0.0.1:\(port)"
        let options: [String: Any] = [
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=\(directory.path.appending("profile"))",
            ]
        ]
        let answer = try await Self.call(
            "POST", "\(address)/session",
            [
                "capabilities": [
                    "alwaysMatch": [
                        "browserName": "chrome", "goog:chromeOptions": options,
                        "goog:loggingPrefs": ["browser": "ALL"],
                    ]
                ]
            ])
        guard let id = (answer as? [String: Any])?["sessionId"] as? String else {
            throw Failure(description: "\(answer)")
        }
        session = "\(address)/session/\(id)"
        try await tell(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
        try await tell(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
    }

    /// Closes it.
    func close() async throws {
        _ = try await Self.call("DELETE", session, nil)
        _ = try await process.stop()
    }

    /// Opens an address.
    func open(_ address: String) async throws {
        _ = try await Self.call("POST", "\(session)/url", ["url": address])
    }

    /// The value of an expression in the page, as text.
    func value(_ expression: String) async throws -> String {
        let value = try await Self.call(
            "POST", "\(session)/execute/sync",
            ["script": "return String(\(expression))", "args": []])
        return value as? String ?? "\(value)"
    }

    /// Runs statements in the page.
    func run(_ statements: String) async throws {
        _ = try await Self.call(
            "POST", "\(session)/execute/sync", ["script": statements, "args": []])
    }

    /// What statements return in the page, as text.
    func result(of statements: String) async throws -> String {
        let value = try await Self.call(
            "POST", "\(session)/execute/sync", ["script": statements, "args": []])
        return value as? String ?? "\(value)"
    }

    /// Lets the browser forget who it is.
    func forgetCookies() async throws {
        _ = try await Self.call("DELETE", "\(session)/cookie", nil)
    }

    /// Waits until an expression of the page is true.
    func wait(for expression: String) async throws {
        try await eventually(expression, within: .seconds(120)) {
            (try? await self.value("Boolean(\(expression))")) == "true"
        }
    }

    /// Presses a key, as a keyboard does: a character, or a key by its code of the protocol.
    func press(_ key: String) async throws {
        let actions = ["keyDown", "keyUp"].map { ["type": $0, "value": key] }
        _ = try await Self.call(
            "POST", "\(session)/actions",
            ["actions": [["type": "key", "id": "keyboard", "actions": actions]]])
    }

    /// Writes, a key after the other.
    func type(_ text: String) async throws {
        for character in text { try await press(String(character)) }
    }

    /// Clicks with the mouse at the middle of the first element of a selector.
    ///
    /// News of the library may replace it between finding and clicking; then its successor is clicked, as a person would.
    func click(_ selector: String) async throws {
        for _ in 0..<10 {
            try await wait(for: "document.querySelector(`\(selector)`)")
            do { return try await clickFirst(selector) } catch let failure as Failure {
                guard
                    failure.description.contains("\"stale element reference\"")
                        || failure.description.contains("\"no such element\"")
                else { throw failure }
            }
        }
        throw Failure(description: "\(selector) is replaced again and again")
    }

    private func clickFirst(_ selector: String) async throws {
        let found = try await Self.call(
            "POST", "\(session)/element", ["using": "css selector", "value": selector])
        guard let element = (found as? [String: String])?.values.first else {
            throw Failure(description: "nothing is \(selector)")
        }
        _ = try await Self.call("POST", "\(session)/element/\(element)/click", [String: String]())
    }

    /// Turns the wheel above the middle of the window by so many pixels.
    func scroll(by pixels: Int) async throws {
        let x = try await value("Math.floor(innerWidth / 2)")
        let y = try await value("Math.floor(innerHeight / 2)")
        let actions: [[String: Any]] = [
            [
                "type": "scroll", "x": Int(x) ?? 0, "y": Int(y) ?? 0, "deltaX": 0, "deltaY": pixels,
                "origin": "viewport",
            ]
        ]
        _ = try await Self.call(
            "POST", "\(session)/actions",
            ["actions": [["type": "wheel", "id": "wheel", "actions": actions] as [String: Any]]])
    }

    func goBack() async throws {
        _ = try await Self.call("POST", "\(session)/back", [String: String]())
    }

    func goForward() async throws {
        _ = try await Self.call("POST", "\(session)/forward", [String: String]())
    }

    /// What the browser complained of, such as a script that failed or was kept from running.
    func complaints() async throws -> [String] {
        let log = try await Self.call("POST", "\(session)/se/log", ["type": "browser"])
        return (log as? [[String: Any]] ?? []).filter { $0["level"] as? String == "SEVERE" }
            .compactMap { $0["message"] as? String }
    }

    /// What is seen of the page, as WebP.
    func screenshot() async throws -> Data {
        let answer = try await Self.call(
            "POST", "\(session)/goog/cdp/execute",
            [
                "cmd": "Page.captureScreenshot",
                "params": ["format": "webp", "quality": 80] as [String: Any],
            ])
        guard let text = (answer as? [String: Any])?["data"] as? String,
            let data = Data(base64Encoded: text)
        else { throw Failure(description: "no screenshot") }
        return data
    }

    /// Keeps requests for addresses of a pattern from being sent.
    func block(_ pattern: String) async throws {
        try await tell("Network.enable", [:])
        try await tell("Network.setBlockedURLs", ["urls": [pattern]])
    }

    private func tell(_ command: String, _ parameters: [String: Any]) async throws {
        _ = try await Self.call(
            "POST", "\(session)/goog/cdp/execute", ["cmd": command, "params": parameters])
    }

    /// Keys that are no characters, by their codes in the protocol.
    enum Key {
        static let left = "\u{E012}"
        static let right = "\u{E014}"
        static let up = "\u{E013}"
        static let down = "\u{E015}"
        static let enter = "\u{E007}"
        static let escape = "\u{E00C}"
        static let tab = "\u{E004}"
        static let pageDown = "\u{E00F}"
        static let home = "\u{E011}"
        static let end = "\u{E010}"
    }

    /// Asks, by the same plain connection as other tests, since what the protocol needs of HTTP is little.
    private static func call(_ method: String, _ address: String, _ body: Any?) async throws -> Any
    {
        let data = try body.map { try JSONSerialization.data(withJSONObject: $0) } ?? Data()
        let parts = address.dropFirst("http://127.0.0.1:".count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let port = Int(parts[0]) else {
            throw Failure(description: address)
        }
        let head = """
            \(method) /\(parts[1]) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r
            Content-Type: application/json\r\nContent-Length: \(data.count)\r\n\r\n
            """
        let bytes = Array(head.utf8) + data
        let response = try await onThread { try RawClient.ask(port, bytes) }
        let answer = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        guard response.status == 200, let value = answer?["value"] else {
            throw Failure(description: "\(method) \(address): \(response.text.prefix(500))")
        }
        return value
    }
}
