import Captioning
import Daemon
import Explaining
import LLaVAMini
import MediaDecoding
import Synchronization
import SystemPackage

/// Looks into the model picture by picture, until the end or until it is stopped.
final class AnalysisPass: StoppableWork {
    private let paths: [FilePath]
    private let captioner: Captioner
    private let decoder: Decoder
    private let question: String?
    private let modes: Set<AttentionAnalysis.Mode>
    private let isStopped = Atomic(false)
    private let seen: Mutex<AnalysisResult>
    private let failed = Atomic(0)

    init(
        _ paths: [FilePath], captioner: Captioner, decoder: Decoder, question: String?,
        modes: Set<AttentionAnalysis.Mode>
    ) throws {
        (self.paths, self.captioner, self.decoder) = (paths, captioner, decoder)
        (self.question, self.modes) = (question, modes)
        seen = Mutex(
            AnalysisResult(
                try captioner.loaded(), model: captioner.identity.label,
                question: question ?? captioner.settings.captionPrompt))
    }

    /// What was seen.
    var result: AnalysisResult { seen.withLock { $0 } }

    /// Whether every picture was looked at.
    var isFinished: Bool { !isStopped.load(ordering: .relaxed) }

    /// How many pictures could not be looked at.
    var failures: Int { failed.load(ordering: .relaxed) }

    func run() throws {
        var progress = CountedProgress(total: paths.count)
        defer { progress.clear() }
        for (number, path) in paths.enumerated() {
            progress.draw(number)
            do {
                try look(at: path)
            } catch is CancellationError {
                break
            } catch let error as DecodingError {
                // One picture that cannot be decoded spoils none of the others.
                progress.clear()
                StandardError.write("\(error)\n")
                failed.add(1, ordering: .relaxed)
            }
        }
        guard !result.pictures.isEmpty else {
            throw CommandFailure("no picture was looked at; nothing was written")
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func look(at path: FilePath) throws {
        let picture = try decoder.still(
            path, minimumShortEdge: captioner.minimumShortEdge(), beneath: nil)
        let analysed = try captioner.analyse(
            captioner.reduced(picture), question: question, modes: modes,
            keepsMaps: result.maps.isEmpty,
            shouldStop: { self.isStopped.load(ordering: .relaxed) })
        seen.withLock { $0.add(analysed, of: path) }
    }
}

/// What was seen of pictures.
struct AnalysisResult {
    private(set) var summary: AnalysisSummary
    private(set) var pictures: [(path: FilePath, answer: String)] = []
    /// Of the first picture.
    private(set) var maps: [(mode: AttentionAnalysis.Mode, drawing: AttentionMapDrawing)] = []
    let model: String
    let question: String

    init(_ loaded: LLaVAMini, model: String, question: String) {
        summary = AnalysisSummary(
            preFusionLayers: loaded.configuration.preFusionLayers,
            languageLayers: loaded.configuration.language.layers)
        (self.model, self.question) = (model, question)
    }

    mutating func add(_ picture: AnalysedPicture, of path: FilePath) {
        summary.add(picture)
        pictures.append((path, AnswerText.caption(picture.answer)))
        if maps.isEmpty {
            maps = picture.analyses.compactMap { analysis in
                AttentionMapDrawing(analysis).map { (analysis.mode, $0) }
            }
        }
    }

    /// All numbers, for programs.
    var report: AnalysisReport {
        AnalysisReport(
            model: model, question: question,
            pictures: pictures.map { .init(path: PathText($0.path), answer: $0.answer) },
            attention: summary.flows, remaining: summary.remainders)
    }

    /// All of it, for people.
    var page: AnalysisPage {
        AnalysisPage(
            .init(
                model: model, question: question,
                pictures: pictures.map { (PathText($0.path).display, $0.answer) }),
            summary, maps: maps)
    }
}

/// An analysis for programs, by its keys.
struct AnalysisReport: Encodable {
    struct Picture: Encodable {
        let path: PathText
        let answer: String
    }

    let model: String
    let question: String
    let pictures: [Picture]
    let attention: [AnalysisSummary.Flow]
    let remaining: [AnalysisSummary.Remainder]
}
