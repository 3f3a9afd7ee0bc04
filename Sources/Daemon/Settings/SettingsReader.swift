import Captioning
import Configuration
import MediaDecoding
import Sidecars
import SystemPackage

/// Reads each key from the merged sources, with its default, and says where a bad value stands.
struct SettingsReader {
    let reader: ConfigReader
    let flags: [SettingKey: String]
    let environment: [String: String]
    let file: FilePath?

    func settings(paths: StandardPaths) throws -> Settings {
        let folders = reader.stringArray(forKey: ConfigKey(SettingKey.folders.rawValue)) ?? []
        return Settings(
            folders: folders.map { paths.absolute(FilePath($0)) },
            catalogue: try text(.catalogue).map { paths.absolute(FilePath($0)) } ?? paths.catalogue,
            model: try text(.model),
            models: paths.models,
            logLevel: try text(.logLevel) ?? "notice",
            logFormat: try text(.logFormat).flatMap(LogFormat.init) ?? .text,
            settle: try seconds(.settle, 2),
            grace: try seconds(.grace, 60),
            poll: try seconds(.poll, 60),
            followsLinks: try text(.followLinks) == "true",
            decoderLimits: try decoderLimits(),
            captioning: try captioning(),
            sidecarWriting: try text(.sidecarsWrite).flatMap(SidecarWriting.init) ?? .never,
            sidecarNaming: try text(.sidecarsName).flatMap(SidecarNaming.init) ?? .append,
            sidecarFolder: try sidecarFolder(paths),
            workersQueue: try text(.workersQueue),
            workersWindow: try integer(.workersWindow, 512) << 20,
            makesThumbnailsAhead: try text(.thumbnailsAhead) != "false",
            thumbnailBytes: Int64(try integer(.thumbnailsSize, 4096)) << 20,
            thumbnails: paths.cache.appending("thumbnails"),
            threads: try integer(.threads, 0),
            decoders: try integer(.decoders, 2),
            idle: try seconds(.idle, 300),
            configurationFile: file)
    }

    private func sidecarFolder(_ paths: StandardPaths) throws -> FilePath? {
        guard let text = try text(.sidecarsFolder), !text.isEmpty else { return nil }
        let path = FilePath(text)
        guard path.isAbsolute || text == "~" || text.hasPrefix("~/") else {
            throw SettingsError(
                place: place(of: .sidecarsFolder),
                problem:
                    "'\(SettingKey.sidecarsFolder.rawValue)' is '\(text)', which is no absolute path: "
                    + "begin it with '/', or with '~/'")
        }
        return paths.absolute(path).lexicallyNormalized()
    }

    private func decoderLimits() throws -> DecoderLimits {
        var limits = DecoderLimits.standard
        limits.memoryBytes = try integer(.decoderMemory, limits.memoryBytes >> 20) << 20
        limits.wallSeconds = try number(.decoderTime, limits.wallSeconds)
        limits.maximumStillPixels =
            try integer(.stillMegapixels, limits.maximumStillPixels / 1_000_000) * 1_000_000
        limits.maximumFramePixels =
            try integer(.frameMegapixels, limits.maximumFramePixels / 1_000_000) * 1_000_000
        limits.maximumFrames = try integer(.clipSeconds, limits.maximumFrames)
        limits.sandbox = try text(.sandbox).flatMap(SandboxPolicy.init) ?? limits.sandbox
        return limits
    }

    private func captioning() throws -> CaptioningSettings {
        var captioning = CaptioningSettings()
        captioning.language = try text(.language).flatMap(AnswerLanguage.init) ?? .english
        captioning.captionPrompt =
            try text(.captionPrompt) ?? captioning.language.captionPrompt
        captioning.tagsPrompt = try text(.tagsPrompt) ?? captioning.language.tagsPrompt
        captioning.answerTokens = try integer(.answerTokens, captioning.answerTokens)
        captioning.highResolution = try text(.resolution) == "hd"
        captioning.certainty = try number(.certainty, captioning.certainty)
        captioning.spanSeconds = try number(.span, captioning.spanSeconds)
        captioning.cleaning = try expressions(.cleaning)
        captioning.context = try contextParts()
        return captioning
    }

    /// Whatever their order, so that it is no other recipe.
    private func contextParts() throws -> [PictureContext.Part] {
        let texts = reader.stringArray(forKey: ConfigKey(SettingKey.context.rawValue)) ?? []
        let parts = try texts.map { text in
            guard let part = PictureContext.Part(rawValue: text) else {
                let all = PictureContext.Part.allCases.map { "'\($0.rawValue)'" }
                throw SettingsError(
                    place: place(of: .context),
                    problem: "'\(SettingKey.context.rawValue)' has '\(text)', which is none of "
                        + all.joined(separator: ", "))
            }
            return part
        }
        return PictureContext.Part.allCases.filter(parts.contains)
    }

    private func expressions(_ key: SettingKey) throws -> [String] {
        let texts = reader.stringArray(forKey: ConfigKey(key.rawValue)) ?? []
        for text in texts {
            do {
                _ = try Regex(text)
            } catch {
                throw SettingsError(
                    place: place(of: key),
                    problem: "'\(key.rawValue)' has '\(text)', which is no regular expression")
            }
        }
        return texts
    }

    private func value(_ key: SettingKey) throws -> SettingValue? {
        guard let text = reader.string(forKey: ConfigKey(key.rawValue)) else { return nil }
        return try SettingValue.parse(text, for: key, place: place(of: key))
    }

    private func place(of key: SettingKey) -> String {
        if flags[key] != nil { return "command line" }
        if environment[key.environmentName] != nil { return "environment \(key.environmentName)" }
        return file?.string ?? "configuration"
    }

    private func text(_ key: SettingKey) throws -> String? {
        guard case .text(let text) = try value(key) else { return nil }
        return text
    }

    private func integer(_ key: SettingKey, _ fallback: Int) throws -> Int {
        guard case .integer(let number) = try value(key) else { return fallback }
        return number
    }

    private func number(_ key: SettingKey, _ fallback: Double) throws -> Double {
        guard case .number(let number) = try value(key) else { return fallback }
        return number
    }

    private func seconds(_ key: SettingKey, _ fallback: Double) throws -> Duration {
        .seconds(try number(key, fallback))
    }
}
