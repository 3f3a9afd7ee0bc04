import Captioning
import Catalogue
import Foundation
import MediaDecoding
import Synchronization
import SystemPackage
import WorkQueue

/// What the page is told of a question that it asked.
struct PageAnswer: Sendable {
    /// What the model said.
    var text: String
    /// Of a clip, the seconds that it rests on, the most first.
    var seconds: [Double]
    /// The model's name.
    var model: String
}

/// The one question that may be at work, and whether it is still wanted.
final class QuestionTurn: Sendable {
    private struct State {
        /// The picture that it is about, so that no other question is stopped for it.
        var asset: Int64?
        var isStopped = false
    }

    /// A question that takes longer than this is given up, in seconds.
    static let patience = 600.0

    private let state = Mutex(State())

    /// Begins; `false` where another is at work.
    func begin(_ asset: Int64) -> Bool {
        state.withLock { state in
            guard state.asset == nil else { return false }
            state = State(asset: asset)
            return true
        }
    }

    /// Whether a question is at work.
    var isTaken: Bool { state.withLock { $0.asset != nil } }

    func end() { state.withLock { $0 = State() } }

    /// Stops the question about a picture, if it is at work.
    func stop(_ asset: Int64) {
        state.withLock { state in
            if state.asset == asset { state.isStopped = true }
        }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }
}

extension AttentionDesk {
    /// Answers a question about a picture or clip; on a thread that may take its time.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - source: The picture.
    ///   - isClip: Whether it is a clip.
    ///   - originals: Where files are found.
    ///   - shouldStop: Asked often.
    /// - Returns: The answer.
    /// - Throws: `Failure`, `CancellationError`.
    func answer(
        _ question: String, about source: WorkSource, isClip: Bool, in originals: Originals,
        shouldStop: () -> Bool
    ) throws -> PageAnswer {
        let end = Date() + QuestionTurn.patience
        func stop() -> Bool { shouldStop() || mustStop || Date() > end }
        return try compute { captioner in
            guard let place = originals.place(of: source) else { throw Failure.noPicture }
            let edge = try captioner.minimumShortEdge()
            var asking = try captioner.beginAsking(
                [question], clipOf: isClip ? source.facts.duration : nil)
            do {
                if isClip {
                    try decoder.frames(
                        place.path, minimumShortEdge: edge, beneath: place.folder
                    ) { try asking.add($0, shouldStop: stop) }
                } else {
                    let image = try decoder.still(
                        place.path, minimumShortEdge: edge, beneath: place.folder)
                    try asking.add(captioner.reduced(image), shouldStop: stop)
                }
            } catch is DecodingError {
                throw Failure.noPicture
            }
            guard originals.isUnchanged(source), asking.pictureCount > 0 else {
                throw Failure.noPicture
            }
            guard let answer = try asking.answers(shouldStop: stop).first else {
                throw Failure.unusable("it said nothing")
            }
            let equal = 1 / Double(max(answer.restsOn.count, 1))
            return PageAnswer(
                text: answer.text,
                seconds: answer.restsOn.filter { $0.share >= 1.25 * equal }.prefix(5)
                    .compactMap(\.second),
                model: captioner.folder.lastComponent?.string ?? "")
        }
    }
}
