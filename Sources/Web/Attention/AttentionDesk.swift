import Captioning
import Catalogue
import Daemon
import Foundation
import MediaDecoding
import SystemPackage
import WorkQueue

/// What the model's one token looked at, and what it answers: computed when somebody asks, one picture at a time, with a
/// model that is given back when nobody has asked for a while.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock, and the captioner is used by the one
/// thread that computes.
final class AttentionDesk: @unchecked Sendable {
    /// What is known of a picture.
    struct Look: Sendable {
        var attention: PictureAttention
        /// The model's name.
        var model: String
    }

    /// Why nothing is known.
    enum Failure: Error {
        /// There is no model, as its words say.
        case noModel(String)
        /// The model has no such token, or cannot be used now, as its words say.
        case unusable(String)
        /// The file is not there, or is another one.
        case noPicture
    }

    /// So many pictures' looks are kept, the last.
    private static let most = 64
    /// Seconds after which the model's memory is given back.
    private static let rest = 60.0

    private let settings: PageSettings
    let decoder: Decoder
    private let condition = NSCondition()
    private let computing = NSLock()
    private let threads = ThreadGroup()
    private var captioner: Captioner?
    private var lastUse = Date.distantPast
    private var isResting = true
    private var isClosed = false
    private var known: [(identity: [UInt8], look: Look)] = []

    init(_ settings: PageSettings) {
        self.settings = settings
        decoder = Decoder(executable: settings.decoder, limits: settings.decoderLimits)
    }

    /// What is known already of what a picture shows.
    func known(_ identity: [UInt8]) -> Look? {
        condition.lock()
        defer { condition.unlock() }
        return known.last { $0.identity == identity }?.look
    }

    /// Looks at a picture; on a thread that may take its time.
    ///
    /// - Throws: `Failure`.
    func look(at source: WorkSource, in originals: Originals) throws(Failure) -> Look {
        computing.lock()
        defer { computing.unlock() }
        if let look = known(source.facts.identity) { return look }
        let captioner = try loadedCaptioner()
        defer { used() }
        do {
            guard let place = originals.place(of: source) else { throw Failure.noPicture }
            let image = try decoder.still(
                place.path, minimumShortEdge: captioner.minimumShortEdge(), beneath: place.folder)
            guard originals.isUnchanged(source) else { throw Failure.noPicture }
            let attention = try captioner.attention(of: image) { self.mustStop }
            guard attention.heads.contains(where: { $0.count == attention.areas.count }) else {
                throw Failure.unusable("this model has no token that looks at patches")
            }
            let look = Look(
                attention: attention, model: captioner.folder.lastComponent?.string ?? "")
            keep(look, of: source.facts.identity)
            return look
        } catch let failure as Failure {
            throw failure
        } catch is DecodingError {
            throw .noPicture
        } catch {
            throw .unusable("\(error)")
        }
    }

    /// Runs what needs the model, one after the other.
    ///
    /// - Throws: `Failure`, what `body` throws.
    func compute<Value>(_ body: (Captioner) throws -> Value) throws -> Value {
        computing.lock()
        defer { computing.unlock() }
        let captioner = try loadedCaptioner()
        defer { used() }
        return try body(captioner)
    }

    /// Ends what goes on, and gives the model back.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
        decoder.close()
        try? threads.wait()
    }

    /// Whether everything is to end.
    var mustStop: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isClosed
    }

    private func loadedCaptioner() throws(Failure) -> Captioner {
        condition.lock()
        let present = captioner
        condition.unlock()
        if let present { return present }
        let folder: FilePath
        do {
            folder = try ModelLocator(models: settings.paths.models).find(settings.model)
        } catch {
            throw .noModel("\(error)")
        }
        do {
            let new = try Captioner(
                folder: folder, settings: settings.captioning, threads: settings.threads)
            condition.lock()
            captioner = new
            condition.unlock()
            return new
        } catch {
            throw .unusable("\(error)")
        }
    }

    private func keep(_ look: Look, of identity: [UInt8]) {
        condition.lock()
        defer { condition.unlock() }
        known.append((identity, look))
        if known.count > Self.most { known.removeFirst() }
    }

    /// Lets the model rest when nobody has asked for a while: a thread waits for that, and none at rest.
    private func used() {
        condition.lock()
        defer { condition.unlock() }
        lastUse = Date()
        guard isResting, !isClosed else { return }
        isResting = false
        threads.start("attention-rest") { [self] in
            condition.lock()
            defer { condition.unlock() }
            while !isClosed, case let end = lastUse + Self.rest, Date() < end {
                _ = condition.wait(until: end)
            }
            captioner?.unload()
            captioner = nil
            isResting = true
        }
    }
}
