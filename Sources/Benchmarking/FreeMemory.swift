import CLIP
import Foundation
import LLaVAMini

/// How much memory may still be taken, and how much a benchmark takes.
public enum FreeMemory {
    /// Bytes that programs can take without anything being swapped out; `nil` where the system does
    /// not say.
    ///
    /// The kernel's own estimate, or what a control group leaves if that is less.
    public static func bytes(
        memoryInformation: String = "/proc/meminfo", group: String = "/sys/fs/cgroup"
    ) -> Int? {
        let left = [available(memoryInformation), remaining(inGroup: group)].compactMap { $0 }
        return left.min()
    }

    /// Refuses what does not fit.
    ///
    /// - Throws: `BenchmarkError` that says how much is needed, how much there is and what to do.
    static func check(needed: Int, available: Int?) throws(BenchmarkError) {
        guard let available, needed > available else { return }
        throw BenchmarkError(
            "this needs \(gigabytes(needed)) GB of memory and \(gigabytes(available)) GB are free; "
                + "choose a smaller shape (--shape demo) or fewer bits (--bits 4), or close other "
                + "programs")
    }

    /// The settings with as many pictures of a backlog at once as memory holds, for weights of so many bytes that are
    /// not loaded yet.
    ///
    /// - Throws: `BenchmarkError` where not even one fits.
    static func fitting(
        _ settings: BenchmarkSettings, _ configuration: ModelConfiguration, weights: Int,
        available: Int?
    ) throws(BenchmarkError) -> BenchmarkSettings {
        var settings = settings
        func needed() -> Int { weights + workingBytes(configuration, settings) }
        while let available, settings.backlog > 1, needed() > available { settings.backlog /= 2 }
        try check(needed: needed(), available: available)
        return settings
    }

    /// Bytes that the measurements take beside the weights, roughly and not too little.
    ///
    /// The largest are rows on their way through a layer, the keys and values that are kept of a
    /// backlog's prompts and answers, those of its pictures in pre-fusion, and what the bandwidth is
    /// measured over.
    static func workingBytes(_ c: ModelConfiguration, _ settings: BenchmarkSettings) -> Int {
        let rows = 2048
        let layer = 3 * c.language.intermediateWidth + 8 * c.language.width
        let keyValues = 2 * c.language.keyValueHeads * c.language.headWidth
        let patches = c.vision.grid * c.vision.grid
        let answers = settings.answers
        let positions =
            settings.prompt.beforeImage + 1 + answers.count * settings.prompt.question
            + answers.reduce(0, +)
        let kept =
            settings.backlog * keyValues
            * (c.language.layers * positions + c.preFusionLayers * patches)
        return MemoryLayout<Float>.size * (rows * layer + kept) + settings.streamBytes + 64 << 20
    }

    private static func available(_ file: String) -> Int? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kilobytes.multipliedReportingOverflow(by: 1024).partialValue
    }

    /// What a control group (version 2) has left; `nil` where there is none or it has no limit.
    private static func remaining(inGroup folder: String) -> Int? {
        let number = { (name: String) -> Int? in
            let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let limit = number("memory.max"), let used = number("memory.current") else {
            return nil
        }
        return max(limit - used, 0)
    }

    private static func gigabytes(_ bytes: Int) -> String {
        String(format: "%.1f", Double(bytes) / 1e9)
    }
}
