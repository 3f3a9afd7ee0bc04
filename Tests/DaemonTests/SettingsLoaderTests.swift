import Captioning
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct SettingsLoaderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func hasDefaultsWithoutAnyFile() throws {
        let settings = try load()
        #expect(settings.settle == .seconds(2))
        #expect(settings.grace == .seconds(60))
        #expect(settings.folders.isEmpty)
        #expect(settings.catalogue == directory.path.appending("data/vignette/catalogue.sqlite"))
        #expect(settings.configurationFile == nil)
    }

    @Test func readsTheFile() throws {
        let settings = try load(
            """
            folders: [~/Pictures, /srv/photos]
            model: big
            watching:
              settle: 0.5
            media:
              still-megapixels: 50
            captioning:
              caption: What is this?
              resolution: hd
            """)
        #expect(
            settings.folders == [
                directory.path.appending("home/Pictures"), FilePath("/srv/photos"),
            ])
        #expect(settings.model == "big")
        #expect(settings.settle == .milliseconds(500))
        #expect(settings.decoderLimits.maximumStillPixels == 50_000_000)
        #expect(settings.captioning.captionPrompt == "What is this?")
        #expect(settings.captioning.highResolution)
    }

    @Test func theEnvironmentBeatsTheFileAndAFlagBeatsBoth() throws {
        let file = "model: from-file\nresources:\n  decoders: 3\nwatching: {grace: 5}\n"
        let environment = [
            "VIGNETTE_MODEL": "from-environment", "VIGNETTE_RESOURCES_DECODERS": "4",
        ]
        let settings = try load(
            file, environment: environment, flags: [.model: "from-flag"])
        #expect(settings.model == "from-flag")
        #expect(settings.decoders == 4)
        #expect(settings.grace == .seconds(5))
    }

    @Test func everyKeyCanBeSetByItsVariable() throws {
        for key in SettingKey.allCases where key != .folders {
            let settings = try? load(environment: [key.environmentName: "\u{1}"])
            let isChecked: Bool =
                switch (key, key.form) {
                case (.sidecarsFolder, _), (.context, _): settings == nil
                case (_, .text), (_, .list): settings != nil
                default: settings == nil
                }
            #expect(isChecked, "\(key.environmentName) is not read")
        }
    }

    @Test(arguments: [
        ("folder: [/a]", "unknown key 'folder'"),
        ("folders: /a", "'folders' must be a list"),
        ("folders: [{a: b}]", "'folders' must be a list of texts"),
        ("watching: {setle: 1}", "did you mean 'watching.settle'"),
        ("watching: {settle: soon}", "'watching.settle' must be a number"),
        ("watching: {settle: -1}", "'watching.settle' must be a number from 0.01 to 3600"),
        ("resources: {threads: 1.5}", "'resources.threads' must be a whole number"),
        ("log: {level: loud}", "must be one of trace, debug"),
        ("model: [a]", "'model' must be a single value"),
        ("[1, 2]", "expected keys"),
        ("a: b: c: [", "not valid YAML"),
        ("watching: 3", "unknown key 'watching'"),
    ])
    func namesFileKeyAndRemedy(text: String, problem: String) throws {
        let error = #expect(throws: SettingsError.self) { try load(text) }
        #expect(error?.description.contains("vignette.yaml") == true)
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test func namesTheLine() throws {
        let error = #expect(throws: SettingsError.self) {
            try load("model: a\n\nwatching:\n  settle: 1\n  sttle: 2\n")
        }
        #expect(error?.description.contains("vignette.yaml:5:") == true)
    }

    @Test func refusesAnUnknownVariable() throws {
        let error = #expect(throws: SettingsError.self) {
            try load(environment: ["VIGNETTE_MODLE": "x"])
        }
        #expect(error?.description.contains("VIGNETTE_MODLE") == true)
    }

    @Test(arguments: SettingsLoader.otherVariables)
    func acceptsVariablesThatAreNoKeys(name: String) throws {
        _ = try load(environment: [name: "portable"])
    }

    @Test func aKeyIsReadByItsFormerNameToo() throws {
        #expect(try load("captioning: {stretch: 7}").captioning.spanSeconds == 7)
        #expect(try load("captioning: {stretch: 7, span: 8}").captioning.spanSeconds == 8)
        #expect(try load("captioning: {span: 8, stretch: 7}").captioning.spanSeconds == 8)
        let former = ["VIGNETTE_CAPTIONING_STRETCH": "9"]
        #expect(try load("captioning: {span: 8}", environment: former).captioning.spanSeconds == 9)
        let both = former.merging(["VIGNETTE_CAPTIONING_SPAN": "10"]) { $1 }
        #expect(try load(environment: both).captioning.spanSeconds == 10)
        #expect(throws: SettingsError.self) { try load("captioning: {stretch: soon}") }
    }

    @Test func aLanguageHasQuestionsOfItsOwnWhereNoneAreGiven() throws {
        let german = try load("captioning: {language: de}").captioning
        #expect(german.captionPrompt == "Beschreibe dieses Bild in einem Satz.")
        #expect(german.tagsPrompt != CaptioningSettings().tagsPrompt)
        #expect(german.digest != CaptioningSettings().digest)
        let own = try load("captioning: {language: de, caption: Wer ist das?}").captioning
        #expect(own.captionPrompt == "Wer ist das?" && own.tagsPrompt == german.tagsPrompt)
        #expect(throws: SettingsError.self) { try load("captioning: {language: klingon}") }
    }

    @Test func whatTheModelIsToldIsNamed() throws {
        let settings = try load("captioning: {context: [date, keywords]}").captioning
        #expect(settings.context == [.keywords, .date])
        #expect(
            try load(environment: ["VIGNETTE_CAPTIONING_CONTEXT": "keywords,date"]).captioning
                .digest
                == settings.digest)
        #expect(try load().captioning.context.isEmpty)
        #expect {
            try load("captioning: {context: [weather]}")
        } throws: { error in
            "\(error)".contains("'captioning.context' has 'weather', which is none of 'keywords'")
        }
    }

    @Test func theFolderOfSidecarsIsAnAbsolutePath() throws {
        let settings = try load("sidecars: {folder: ~/sidecars}")
        #expect(settings.sidecarFolder == directory.path.appending("home/sidecars"))
        #expect(try load().sidecarFolder == nil)
        #expect(throws: SettingsError.self) { try load("sidecars: {folder: sidecars}") }
    }

    @Test(arguments: ["/srv/photos/xmp", "/srv", "/srv/photos"])
    func theFolderOfSidecarsHasNothingInCommonWithPictures(folder: String) throws {
        let settings = try load("folders: [/srv/photos]\nsidecars: {folder: \(folder)}")
        #expect(throws: SidecarFolderError.self) { try SidecarFolderRoot.prepare(settings) }
        let other = try load("folders: [/srv/photos]\nsidecars: {folder: /srv/photos.xmp}")
        try SidecarFolderRoot.prepare(other)
    }

    @Test func expressionsAreCheckedBeforeAnyPictureIsDescribed() throws {
        let settings = try load(#"captioning: {clean: ["^The image shows ", "!$"]}"#)
        #expect(settings.captioning.cleaning == ["^The image shows ", "!$"])
        #expect {
            try load(#"captioning: {clean: ["("]}"#)
        } throws: { error in
            "\(error)".contains("'captioning.clean' has '(', which is no regular expression")
        }
    }

    @Test func anEmptyVariableIsUnset() throws {
        #expect(try load(environment: ["VIGNETTE_MODEL": ""]).model == nil)
    }

    @Test func namesTheVariableWithABadValue() throws {
        let error = #expect(throws: SettingsError.self) {
            try load(environment: ["VIGNETTE_WATCHING_SETTLE": "x"])
        }
        #expect(error?.description.contains("environment VIGNETTE_WATCHING_SETTLE") == true)
    }

    @Test func aNamedFileMustExist() throws {
        let path = directory.path.appending("absent.yaml")
        let error = #expect(throws: SettingsError.self) {
            try loader([:]).load(file: path)
        }
        #expect(error?.description.contains("absent.yaml") == true)
    }

    @Test func anEmptyFileAndEmptySectionsAreFine() throws {
        _ = try load("")
        _ = try load("# nothing\nwatching:\nmedia:\n")
    }

    @Test func theCommentedFileShowsEveryKeyWithItsDefault() throws {
        let shown = try shownConfiguration()
        let commented = try load(shown)
        let plain = try load()
        #expect(commented.captioning == plain.captioning)
        #expect(commented.decoderLimits == plain.decoderLimits)
        #expect(commented.settle == plain.settle)
        #expect(commented.grace == plain.grace)
        #expect(commented.poll == plain.poll)
        #expect(commented.followsLinks == plain.followsLinks)
        #expect(commented.threads == plain.threads)
        #expect(commented.decoders == plain.decoders)
        #expect(commented.idle == plain.idle)
        #expect(commented.logLevel == plain.logLevel)
        for key in SettingKey.allCases {
            let name = key.rawValue.split(separator: ".").last.map(String.init) ?? ""
            #expect(shown.contains("\(name):"), "\(key.rawValue) is not explained")
        }
    }

    /// The shipped file with the comment signs of its keys taken away.
    private func shownConfiguration() throws -> String {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let text = try String(
            contentsOfFile: root.appending("Config/vignette.yaml").string, encoding: .utf8)
        return text.split(separator: "\n").map { line in
            line.contains(/^# (?:[a-z]+:|  [a-z-]+:|  - )/)
                ? String(line.dropFirst(2)) : String(line)
        }.joined(separator: "\n")
    }

    @Test func aPipeInTheFilesPlaceIsRefusedAndNotWaitedFor() throws {
        let path = directory.path.appending("vignette.yaml")
        try #require(path.withPlatformString { mkfifo($0, 0o600) } == 0)
        let error = #expect(throws: SettingsError.self) { try loader([:]).load(file: path) }
        #expect("\(try #require(error))".contains("it is no regular file"))
    }

    private func loader(_ environment: [String: String]) -> SettingsLoader {
        var all = environment
        all["HOME"] = directory.path.appending("home").string
        all["XDG_DATA_HOME"] = directory.path.appending("data").string
        all["XDG_CONFIG_HOME"] = directory.path.appending("config").string
        return SettingsLoader(environment: all)
    }

    private func load(
        _ text: String? = nil, environment: [String: String] = [:],
        flags: [SettingKey: String] = [:]
    ) throws -> Settings {
        var file: FilePath?
        if let text {
            let path = directory.path.appending("vignette.yaml")
            try text.write(toFile: path.string, atomically: false, encoding: .utf8)
            file = path
        }
        return try loader(environment).load(flags: flags, file: file)
    }
}
