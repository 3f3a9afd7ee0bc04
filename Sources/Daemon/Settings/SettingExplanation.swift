/// What a person is told of a key: in the configuration file that is installed, and in its manual page.
public struct SettingExplanation: Sendable {
    /// What it is for, in sentences.
    public let text: String
    /// The value that holds where none is set, or an example where there is no such value, as YAML.
    public let value: Value
    /// Whether `value` is what holds where none is set.
    public let isDefault: Bool

    /// A value as it stands in YAML.
    public enum Value: Equatable, Sendable {
        /// Behind the key.
        case scalar(String)
        /// A line for each element, or `[]` for none.
        case list([String])
    }

    private init(_ text: String, _ value: Value, isDefault: Bool = true) {
        self.text = text
        self.value = value
        self.isDefault = isDefault
    }

    fileprivate static func standard(_ value: String, _ text: String) -> SettingExplanation {
        SettingExplanation(text, .scalar(value))
    }

    fileprivate static func example(_ value: Value, _ text: String) -> SettingExplanation {
        SettingExplanation(text, value, isDefault: false)
    }

    fileprivate static func none(_ text: String) -> SettingExplanation {
        SettingExplanation(text, .list([]))
    }
}

extension SettingKey {
    /// What a person is told of it.
    public var explanation: SettingExplanation {
        switch self {
        case .folders, .catalogue, .model, .logLevel, .logFormat: generalExplanation
        case .settle, .grace, .poll, .followLinks: watchingExplanation
        case .decoderMemory, .decoderTime, .stillMegapixels, .frameMegapixels, .clipSeconds,
            .sandbox:
            mediaExplanation
        case .captionPrompt, .tagsPrompt, .language, .context, .answerTokens, .resolution,
            .certainty,
            .cleaning, .span:
            captioningExplanation
        case .sidecarsWrite, .sidecarsName, .sidecarsFolder: sidecarsExplanation
        case .workersQueue, .workersWindow: workersExplanation
        case .thumbnailsAhead, .thumbnailsSize: thumbnailsExplanation
        case .threads, .decoders, .idle: resourcesExplanation
        }
    }

    private var generalExplanation: SettingExplanation {
        switch self {
        case .folders:
            .example(
                .list(["~/Pictures", "/srv/photos"]),
                "Folders to watch, with everything below them. '~' is the home folder.")
        case .catalogue:
            .example(
                .scalar("/var/lib/vignette/catalogue.sqlite"),
                """
                The catalogue: one SQLite file. Where none is named it is catalogue.sqlite in the state folder of the \
                service, /var/lib/vignette, or in ~/.local/share/vignette for a person.
                """)
        case .model:
            .example(
                .scalar("llava-mini-llama-3.1-8b"),
                """
                The model: a folder, the name of one in the models folder beside the catalogue, or that of a bundled \
                one: 'photographs', or 'demo', which knows drawings like those in Samples/ and no photographs. Without \
                it the newest in the models folder is taken, and without one there 'photographs'.
                """)
        case .logLevel:
            .standard(
                "notice",
                "The least severe message to log. At debug there is one for each file, with what took how long."
            )
        default:
            .standard(
                "text",
                """
                'text': a line a message; where the system's journal reads it, with the journal's fields. 'json': one \
                JSON object a line.
                """)
        }
    }

    private var watchingExplanation: SettingExplanation {
        switch self {
        case .settle:
            .standard(
                "2",
                "Seconds for which size and times of a file must stand still before it is read.")
        case .grace:
            .standard(
                "60",
                "Seconds for which a deleted file is remembered, so that a move elsewhere keeps its texts."
            )
        case .poll:
            .standard(
                "60", "Seconds between looks at folders without change events (NFS, SMB, FUSE).")
        default:
            .standard(
                "false",
                """
                Whether symbolic links that lead out of all watched folders are followed. A link to a file in a \
                watched folder is always that file under another name.
                """)
        }
    }

    private var mediaExplanation: SettingExplanation {
        switch self {
        case .decoderMemory: .standard("4096", "Memory in MiB that one decoding child may take.")
        case .decoderTime:
            .standard(
                "120", "Seconds that one picture, or one step through a clip, may take to decode.")
        case .stillMegapixels:
            .standard("200", "Largest still, in megapixels; larger ones are refused.")
        case .frameMegapixels:
            .standard("64", "Largest video frame, in megapixels; larger ones are refused.")
        case .clipSeconds: .standard("10800", "Most seconds of a clip that are looked at.")
        default:
            .standard(
                "require",
                """
                'require': files are decoded only where the system can lock the decoding child in (Landlock and \
                seccomp, as 'vignette doctor' says). 'prefer': elsewhere too, with as much as there is.
                """)
        }
    }

    private var captioningExplanation: SettingExplanation {
        switch self {
        case .captionPrompt:
            .standard(
                "Describe this picture in one sentence.",
                "The question whose answer becomes the caption.")
        case .tagsPrompt:
            .standard(
                "List what can be seen in this picture as single words, separated by commas.",
                "The question whose answer becomes the tags.")
        case .language:
            .standard(
                "en",
                """
                The language that the model is asked in, and answers in, where the questions above are not set: 'en', \
                'de', 'es', 'fr', 'hi', 'it', 'pt' or 'th', as the released model knows them. The small models know \
                English alone.
                """)
        case .context:
            .none(
                """
                What is known of a picture and told to the model with the caption's question: any of 'keywords' (those                 that people gave, names among them), 'place' (its coordinates, to about a kilometre) and 'date', as far                 as they are known when it is described. Pictures of which any is known are described on this machine                 alone, since it is told to no other one. The small models were not taught to use it.
                """)
        case .answerTokens: .standard("60", "Most tokens of an answer.")
        case .resolution:
            .standard(
                "standard",
                "'standard' looks at a picture once; 'hd' at its four quarters and the whole.")
        case .certainty:
            .standard(
                "0",
                """
                How sure the model must have been of a tag for it to be kept, 0 to 1. 'vignette caption --json' and \
                'vignette show --json' say how sure it was; 0 keeps them all. With the bundled model for photographs \
                0.4 leaves out a third of the false tags and a twelfth of the true ones. Captions stay as they are.
                """)
        case .cleaning:
            .none(
                """
                Regular expressions of what captions are said without, such as \
                "^The (image|picture) (shows|depicts) "; what the model wrote is kept beside.
                """)
        default:
            .standard(
                "10",
                """
                Seconds of a clip that share one caption; more where a clip would have above sixty of them. (Up to \
                version 0.1 this was called 'stretch', which is still read.)
                """)
        }
    }

    private var sidecarsExplanation: SettingExplanation {
        switch self {
        case .sidecarsWrite:
            .standard(
                "never",
                """
                Whether captions, titles and tags are written into XMP sidecars beside the pictures, for other \
                programs. 'never'; 'ask': when somebody calls 'vignette sidecars write'; 'always': also by the daemon, \
                after each description and edit. Pictures themselves are never written to. What stands in a sidecar \
                is kept.
                """)
        case .sidecarsFolder:
            .example(
                .scalar("/var/lib/vignette/sidecars"),
                """
                A folder in which sidecars are kept apart from the pictures, for libraries that cannot or must not be \
                written to: an absolute path outside of all watched folders. That of /srv/photos/2024/IMG.JPG is \
                /var/lib/vignette/sidecars/srv/photos/2024/IMG.JPG.xmp. Sidecars there are written, watched and read as \
                those beside pictures are, which are read before them and not written any more. One of a picture that \
                was moved follows it when sidecars are written. Without it they lie beside the pictures.
                """)
        default:
            .standard(
                "append",
                """
                What a new sidecar is called: 'append' (IMG.JPG.xmp, as by darktable, digiKam and Immich) or 'replace' \
                (IMG.xmp, as by Lightroom, Bridge and Capture One). One that is there keeps its name.
                """)
        }
    }

    private var workersExplanation: SettingExplanation {
        switch self {
        case .workersQueue:
            .example(
                .scalar("postgresql://vignette@nas.local/vignette"),
                """
                The queue in PostgreSQL by which other machines help to describe ('vignette work'): a connection \
                string of libpq. Passwords belong into ~/.pgpass or a service file. 'vignette workers setup' makes \
                the tables.
                """)
        default:
            .standard(
                "512",
                """
                Most MiB of reduced pictures that lie in it. 1,000 workers of 10 s a picture need about 1,200.
                """)
        }
    }

    private var thumbnailsExplanation: SettingExplanation {
        switch self {
        case .thumbnailsAhead:
            .standard(
                "true",
                """
                'true': the small pictures of 'vignette serve' are made while a picture is described, when its pixels \
                are there anyway. 'false': when somebody first looks. Larger ones are always made then.
                """)
        default:
            .standard("4096", "Most MiB that small pictures may take in the cache folder.")
        }
    }

    private var resourcesExplanation: SettingExplanation {
        switch self {
        case .threads:
            .standard(
                "0",
                """
                Threads that the model computes on; 0 for one for each quick processor, and no more than the control \
                group allows.
                """)
        case .decoders: .standard("2", "Decoding children that work ahead of the model.")
        default:
            .standard("300", "Seconds without work after which the model's memory is given back.")
        }
    }
}
