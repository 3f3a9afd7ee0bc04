import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Foundation
import Glibc
import MediaDecoding
import Processors
import Sidecars
import SystemPackage

/// What somebody can send along with a report of a fault: everything that `doctor` finds, the machine, the settings
/// and the state of the library, without a name of anything in it.
struct BugReport {
    private let findings: [Finding]
    private var scrubber = NameScrubber()
    private let settings: Settings?
    private let library: StatusReport?

    /// Gathers it.
    ///
    /// - Parameters:
    ///   - findings: Those of `doctor`.
    ///   - settings: Those in force; `nil` where they cannot be read.
    init(_ findings: [Finding], _ settings: Settings?) {
        self.findings = findings
        self.settings = settings
        scrubber.add(FilePath(NSHomeDirectory()))
        scrubber.add(NSUserName())
        scrubber.add(ProcessInfo.processInfo.hostName)
        guard let settings else {
            library = nil
            return
        }
        for path in [settings.catalogue, settings.models] + settings.folders { scrubber.add(path) }
        if let file = settings.configurationFile { scrubber.add(file) }
        library = try? StatusReport(of: settings, ignored: false, failures: 1000)
        for root in library?.roots ?? [] { scrubber.add(root.path.path) }
        for failure in library?.failures ?? [] { scrubber.add(failure.path.path) }
    }

    /// The report.
    var text: String {
        let parts = [
            ("system", system), ("findings", findingLines), ("settings", settingLines),
            ("library", libraryLines), ("failures", failureLines),
        ]
        let head = """
            Vignette \(Vignette.configuration.version): a report without names of files, folders and accounts. Read it \
            before you send it.

            """
        return parts.reduce(head) { text, part in
            text + "\n[\(part.0)]\n" + part.1.map { $0.replacing("\n", with: " ") + "\n" }.joined()
        }
    }

    private var system: [String] {
        var name = utsname()
        uname(&name)
        let kernel = withUnsafeBytes(of: name.release) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let machine = withUnsafeBytes(of: name.machine) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let memory = ByteText.size(Int64(clamping: ProcessInfo.processInfo.physicalMemory))
        return [
            "system: \(Self.value(of: "PRETTY_NAME", in: "/etc/os-release", mark: "="))",
            "kernel: \(kernel) \(machine)",
            "processor: \(Self.value(of: "model name", in: "/proc/cpuinfo", mark: ":")), "
                + "\(Processors.current.summary), \(memory)",
            "instructions: " + Self.instructions,
        ]
    }

    /// What of the processor's instructions the kernels could use.
    private static var instructions: String {
        let flags = Set(value(of: "flags", in: "/proc/cpuinfo", mark: ":").split(separator: " "))
        let known: [Substring] = [
            "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16",
            "amx_int8",
        ]
        return known.filter(flags.contains).joined(separator: " ")
    }

    /// The value behind the first line of a system's file that has a key.
    private static func value(of key: String, in file: String, mark: Character) -> String {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        let value = line?.split(separator: mark, maxSplits: 1).last ?? "unknown"
        return value.trimmingCharacters(in: CharacterSet(charactersIn: "\" \t"))
    }

    private var findingLines: [String] {
        findings.map { "\($0.check): \($0.state.rawValue): \(scrubber.scrubbed($0.text))" }
    }

    /// Texts of people's own are told of as being there.
    private var settingLines: [String] {
        guard let settings else { return ["cannot be read"] }
        let standard = CaptioningSettings()
        return [
            "folders: \(settings.folders.count)",
            "model: \(settings.model == nil ? "not chosen" : "chosen")",
            "log: \(settings.logLevel), \(settings.logFormat.rawValue)",
            "watching: settle \(settings.settle), grace \(settings.grace), poll \(settings.poll), "
                + "follow-links \(settings.followsLinks)",
            "media: memory \(settings.decoderLimits.memoryBytes >> 20), time \(settings.decoderLimits.wallSeconds), "
                + "still \(settings.decoderLimits.maximumStillPixels), frame \(settings.decoderLimits.maximumFramePixels), "
                + "frames \(settings.decoderLimits.maximumFrames), sandbox \(settings.decoderLimits.sandbox)",
            "captioning: questions "
                + (settings.captioning.captionPrompt == standard.captionPrompt
                    && settings.captioning.tagsPrompt == standard.tagsPrompt
                    ? "standard" : "changed")
                + ", answer-tokens \(settings.captioning.answerTokens), hd \(settings.captioning.highResolution), "
                + "certainty \(settings.captioning.certainty), span \(settings.captioning.spanSeconds), "
                + "clean \(settings.captioning.cleaning.count)",
            "sidecars: \(settings.sidecarWriting.rawValue), \(settings.sidecarNaming.rawValue)",
            "resources: threads \(settings.threads), decoders \(settings.decoders), idle \(settings.idle)",
        ]
    }

    private var libraryLines: [String] {
        guard let library else { return ["cannot be read, or not made yet"] }
        let daemon = library.daemon == nil ? "not running" : "at work"
        return [
            "daemon: \(daemon)",
            "catalogue: \(library.bytes) bytes, \(library.files) files, \(library.described) described, "
                + "\(library.queued) queued, \(library.failed) failed, \(library.missing) missing, "
                + "\(library.offline) offline, \(library.incomplete) incomplete, \(library.toDescribe) to describe, "
                + "\(library.toRedo) to redo",
        ]
            + library.roots.enumerated().map { index, root in
                "folder \(index + 1): \(root.state), \(root.files) files, \(root.described) described, "
                    + "\(root.queued) queued, \(root.failed) failed"
                    + (root.reason.map { ": " + scrubber.scrubbed($0) } ?? "")
            } + library.models.map { "described by a model: \($0.described)" }
    }

    /// How many files failed for each reason.
    private var failureLines: [String] {
        let reasons = (library?.failures ?? []).map { scrubber.scrubbed($0.reason) }
        let counts = Dictionary(grouping: reasons) { $0 }.mapValues(\.count)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\($0.value): \($0.key)"
        }
    }
}
