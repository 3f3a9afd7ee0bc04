import Benchmarking
import Captioning
import Foundation
import Imaging
import LLaVAMini

/// What models will take on this machine: the one in use is tried, the released one reckoned.
struct ModelPrognosis {
    let threads: Int

    /// Memory that the machine has, and whether the model in use fits into it.
    func memory(of captioner: Captioner) throws -> Finding {
        let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let free = FreeMemory.bytes()
        let bits = WeightFormat(folder: captioner.folder)?.inMemory ?? .single
        let need = Outlook(try captioner.loaded().configuration, bits: bits).memoryBytes
        let have = "\(Self.size(total))\(free.map { ", \(Self.size($0)) of it free" } ?? "")"
        let text = "\(have); \(captioner.identity.name) takes about \(Self.size(need))"
        guard need > total else { return .fine("memory", text) }
        return .warning(
            "memory",
            text + ": it will be read from the disk again and again; pack it in 4 bits "
                + "with 'vignette model convert', or choose a smaller one")
    }

    /// How fast the model in use describes, by trying: once if that takes long.
    func speed(of captioner: Captioner) throws -> Finding {
        let picture = Self.picture(edge: try captioner.minimumShortEdge())
        // The first one reads the weights from the disk as well; where it is quick, others count.
        let first = try Self.seconds { _ = try captioner.describe(picture) }
        var (count, seconds) = first < 0.5 ? (0, 0.0) : (1, first)
        while seconds < 0.5 {
            seconds += try Self.seconds { _ = try captioner.describe(picture) }
            count += 1
        }
        let hourly = Self.count(3600 * Double(count) / seconds)
        return .fine(
            "speed",
            "about \(hourly) pictures an hour with \(captioner.identity.name), one after the other; "
                + "more from a backlog")
    }

    /// Whether the released model would fit, and how fast it would be.
    func releasedModel() throws -> Finding {
        let shape = ModelShape.llavaMiniLlama
        let configuration = try shape.configuration()
        let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let rates = try CeilingRates.measured(threads: threads)
        let lines = WeightBits.allCases.compactMap { bits -> String? in
            guard let stored = SyntheticBits(rawValue: bits.rawValue) else { return nil }
            let outlook = Outlook(configuration, bits: stored)
            let size = "\(bits.rawValue) bits take \(Self.size(outlook.memoryBytes))"
            guard outlook.memoryBytes < total else { return "\(size), too much for this machine" }
            let hourly = outlook.picturesAnHour(rates).map {
                " and should describe about \(Self.count($0)) pictures an hour"
            }
            return size + (hourly ?? "")
        }
        return .fine("released model", "\(shape.rawValue): " + lines.joined(separator: "; "))
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return start.duration(to: .now) / .seconds(1)
    }

    /// A picture with detail everywhere.
    private static func picture(edge: Int) -> RGBImage {
        let (width, height) = (edge * 4 / 3, edge)
        let pixels = (0..<width * height * 3).map {
            UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13)
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// Two digits: more would promise too much.
    private static func count(_ number: Double) -> String {
        guard number >= 10, number < 1e9 else { return String(format: "%.0f", max(number, 0)) }
        let unit = pow(10, (log10(number)).rounded(.down) - 1)
        return String(format: "%.0f", (number / unit).rounded() * unit)
    }

    private static func size(_ bytes: Int) -> String {
        ByteCountFormatter.string(fromByteCount: Int64(bytes), countStyle: .memory)
    }
}
