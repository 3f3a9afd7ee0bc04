import Captioning
import Sidecars

/// Every key that the configuration knows; the raw value is its place in the YAML file.
public enum SettingKey: String, CaseIterable, Sendable {
    /// Folders to watch.
    case folders
    /// The catalogue's file.
    case catalogue
    /// A model folder, or the name of one in the models folder.
    case model
    /// The least severe message that is logged.
    case logLevel = "log.level"
    /// `text`, or `json` for one object a line.
    case logFormat = "log.format"
    /// Seconds for which a file must stand still before it is read.
    case settle = "watching.settle"
    /// Seconds after which a deleted file is forgotten.
    case grace = "watching.grace"
    /// Seconds between looks at folders that cannot be watched by events.
    case poll = "watching.poll"
    /// Whether symbolic links that lead out of all watched folders are followed.
    case followLinks = "watching.follow-links"
    /// Memory in MiB that the decoding child may take.
    case decoderMemory = "media.memory"
    /// Seconds that one picture or clip may take to decode.
    case decoderTime = "media.time"
    /// Largest still in megapixels.
    case stillMegapixels = "media.still-megapixels"
    /// Largest video frame in megapixels.
    case frameMegapixels = "media.frame-megapixels"
    /// Most seconds of one clip that are looked at.
    case clipSeconds = "media.clip-seconds"
    /// `require`: decode only locked in; `prefer`: also where the system cannot lock a process in.
    case sandbox = "media.sandbox"
    /// The question whose answer becomes the caption.
    case captionPrompt = "captioning.caption"
    /// The question whose answer becomes the tags.
    case tagsPrompt = "captioning.tags"
    /// The language that the model is asked in, where no questions are given.
    case language = "captioning.language"
    /// What is known of a picture and told to the model: `keywords`, `place`, `date`.
    case context = "captioning.context"
    /// Most tokens of an answer.
    case answerTokens = "captioning.answer-tokens"
    /// `standard`, or `hd` for four blocks and the whole.
    case resolution = "captioning.resolution"
    /// The smallest probability of a tag that is kept, 0 to 1.
    case certainty = "captioning.certainty"
    /// Regular expressions of what captions are said without.
    case cleaning = "captioning.clean"
    /// Seconds of a clip that share one caption.
    case span = "captioning.span"
    /// Whether XMP sidecars are written: `never`, `ask` (by `vignette sidecars write` alone) or `always`.
    case sidecarsWrite = "sidecars.write"
    /// What new sidecars are called: `append` (IMG.JPG.xmp) or `replace` (IMG.xmp).
    case sidecarsName = "sidecars.name"
    /// A folder in which sidecars are kept apart from the pictures.
    case sidecarsFolder = "sidecars.folder"
    /// The queue in PostgreSQL by which other machines help: a connection string of libpq.
    case workersQueue = "workers.queue"
    /// Most MiB of pixels that lie in it.
    case workersWindow = "workers.window"
    /// Whether small pictures for the page are made when a picture is described.
    case thumbnailsAhead = "thumbnails.ahead"
    /// Most MiB that small pictures may take.
    case thumbnailsSize = "thumbnails.size"
    /// Threads that the model computes on; 0 for one a core.
    case threads = "resources.threads"
    /// Decoding children.
    case decoders = "resources.decoders"
    /// Seconds without work after which the model's memory is given back.
    case idle = "resources.idle"

    /// What a key's value must be.
    public enum Form: Equatable, Sendable {
        /// Any text.
        case text
        /// A list of texts.
        case list
        /// A whole number within bounds.
        case integer(ClosedRange<Int>)
        /// A number within bounds.
        case number(ClosedRange<Double>)
        /// One of a few words.
        case choice([String])
    }

    /// What the value must be.
    public var form: Form {
        switch self {
        case .folders, .cleaning, .context: .list
        case .catalogue, .model, .captionPrompt, .tagsPrompt, .sidecarsFolder, .workersQueue: .text
        case .logLevel: .choice(["trace", "debug", "info", "notice", "warning", "error"])
        case .logFormat: .choice(LogFormat.allCases.map(\.rawValue))
        case .settle: .number(0.01...3600)
        case .grace: .number(0...2_592_000)
        case .poll: .number(1...86400)
        case .followLinks: .choice(["true", "false"])
        case .decoderMemory: .integer(256...1_048_576)
        case .decoderTime: .number(1...86400)
        case .stillMegapixels: .integer(1...2000)
        case .frameMegapixels: .integer(1...2000)
        case .clipSeconds: .integer(1...86400)
        case .sandbox: .choice(["require", "prefer"])
        case .answerTokens: .integer(1...1024)
        case .resolution: .choice(["standard", "hd"])
        case .certainty: .number(0...1)
        case .span: .number(1...86400)
        case .language: .choice(AnswerLanguage.allCases.map(\.rawValue))
        case .sidecarsWrite: .choice(SidecarWriting.allCases.map(\.rawValue))
        case .sidecarsName: .choice(SidecarNaming.allCases.map(\.rawValue))
        case .workersWindow: .integer(16...65536)
        case .thumbnailsAhead: .choice(["true", "false"])
        case .thumbnailsSize: .integer(1...1 << 24)
        case .threads: .integer(0...1024)
        case .decoders: .integer(1...64)
        case .idle: .number(1...2_592_000)
        }
    }

    /// Names that keys had in earlier releases; they are still read where the present one is not set.
    static let formerNames: [String: SettingKey] = ["captioning.stretch": .span]

    /// The environment variable that sets the same value.
    public var environmentName: String { Self.environmentName(rawValue) }

    /// The environment variable for a place in the YAML file.
    static func environmentName(_ name: String) -> String {
        "VIGNETTE_"
            + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }
}
