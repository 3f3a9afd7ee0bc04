/// What one check found.
struct Finding: Encodable {
    enum State: String, Encodable {
        case ok
        case warning
        case problem
    }
    let check: String
    let state: State
    let text: String

    static func fine(_ check: String, _ text: String) -> Finding {
        Finding(check: check, state: .ok, text: text)
    }
    static func warning(_ check: String, _ text: String) -> Finding {
        Finding(check: check, state: .warning, text: text)
    }
    static func problem(_ check: String, _ text: String) -> Finding {
        Finding(check: check, state: .problem, text: text)
    }

    /// An error in a check is the finding.
    static func of(_ check: String, _ body: () throws -> Finding) -> Finding {
        do {
            return try body()
        } catch {
            return .problem(check, "\(error)")
        }
    }

    func write(json: Bool) throws {
        if json { return try JSONLine.write(self) }
        let mark =
            switch state {
            case .ok: Style.green("ok     ")
            case .warning: "warning"
            case .problem: Style.red("problem")
            }
        StandardOutput.write("\(mark)  \(check): \(text)\n")
    }
}
