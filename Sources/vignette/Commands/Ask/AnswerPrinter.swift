import Captioning
import SystemPackage

/// Prints answers, on a terminal as they are written.
struct AnswerPrinter {
    let album: Album
    let model: String
    let printsJSON: Bool
    let questions: [String]

    /// Answers and prints.
    func print(_ asking: Asking) throws {
        if printsJSON {
            for answer in try asking.answers() {
                try JSONLine.write(AnswerLine(answer, album: album, model: model))
            }
            return
        }
        if album.files.count > 1 {
            StandardError.write("about \(album.files.count) pictures\n")
        }
        var shown = ""
        let streams = StandardOutput.isTerminal && questions.count == 1
        let answers = try asking.answers(
            onText: streams
                ? { texts in
                    // What is written does not change any more but for half characters at its end.
                    let text = (texts.first ?? "").filter { $0 != "\u{FFFD}" }
                    guard text.hasPrefix(shown) else { return }
                    StandardOutput.write(String(text.dropFirst(shown.count)).printable)
                    shown = text
                } : nil)
        for answer in answers {
            if questions.count > 1 { StandardOutput.write(Style.bold(answer.question) + "\n") }
            let rest =
                answer.text.hasPrefix(shown) ? String(answer.text.dropFirst(shown.count)) : ""
            StandardOutput.write((streams ? rest : answer.text) + "\n")
            if let line = foundation(of: answer) { StandardOutput.write(Style.dim(line) + "\n") }
        }
    }

    /// `rests on b.jpg (61 %), c.jpg (22 %)`: what has clearly more of the attention than an equal share.
    private func foundation(of answer: GivenAnswer) -> String? {
        let equal = 1 / Double(max(answer.restsOn.count, 1))
        let most = answer.restsOn.filter { $0.share >= 1.25 * equal }.prefix(5)
        guard answer.restsOn.count > 1 else { return nil }
        guard !most.isEmpty else {
            return "rests on all \(album.isClip ? "seconds" : "pictures") alike"
        }
        let names = most.map { share in
            "\(name(of: share)) (\(Int((share.share * 100).rounded())) %)"
        }
        return "rests on " + names.joined(separator: ", ")
    }

    private func name(of share: GivenAnswer.Share) -> String {
        if let second = share.second {
            let whole = Int(second)
            let padded = whole % 60 < 10 ? "0\(whole % 60)" : "\(whole % 60)"
            return "\(whole / 60):\(padded)"
        }
        return PathText(album.files[share.picture].path).display
    }
}

/// An answer for programs.
struct AnswerLine: Encodable {
    struct Share: Encodable {
        let path: PathText
        let second: Double?
        let share: Double
    }

    let question: String
    let answer: String
    let model: String
    let paths: [PathText]
    /// What the answer rests on, the most first.
    let restsOn: [Share]

    init(_ answer: GivenAnswer, album: Album, model: String) {
        question = answer.question
        self.answer = answer.text
        self.model = model
        paths = album.files.map { PathText($0.path) }
        restsOn = answer.restsOn.map {
            Share(
                path: PathText(album.files[album.isClip ? 0 : $0.picture].path), second: $0.second,
                share: $0.share)
        }
    }
}
