import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct PSDFormatTests {
    private let big = TIFFBuilder(order: .big)

    /// A picture of 2 × 2 pixels, stored as it is or packed; `channels` hold their samples' bytes.
    private func psd(
        mode: Int, depth: Int = 8, channels: [[UInt8]], isPacked: Bool = false,
        isLarge: Bool = false, palette: [UInt8] = [], resources: [UInt8] = [], layers: Int? = nil
    ) -> [UInt8] {
        let lengthSize = isLarge ? 8 : 4
        var bytes: [UInt8] = Array("8BPS".utf8) + [0, isLarge ? 2 : 1, 0, 0, 0, 0, 0, 0]
        bytes += big.integer(channels.count, 2) + big.integer(2, 4) + big.integer(2, 4)
        bytes += big.integer(depth, 2) + big.integer(mode, 2)
        bytes += big.integer(palette.count, 4) + palette
        bytes += big.integer(resources.count, 4) + resources
        if let layers {
            let content = big.integer(2, lengthSize) + big.integer(layers, 2)
            bytes += big.integer(content.count, lengthSize) + content
        } else {
            bytes += big.integer(0, lengthSize)
        }
        guard isPacked else { return bytes + [0, 0] + channels.joined() }
        let rows = channels.flatMap { channel in
            [channel[..<(channel.count / 2)], channel[(channel.count / 2)...]]
        }
        let packed = rows.map { [UInt8($0.count - 1)] + $0 }
        bytes += [0, 1] + packed.flatMap { big.integer($0.count, isLarge ? 4 : 2) }
        return bytes + packed.joined()
    }

    private func pixels(_ bytes: [UInt8]) throws -> [[UInt8]] {
        let file = try ScratchFile(bytes)
        #expect(try MediaFormat(of: file.open()) == .psd)
        let image = try StillReader(limits: .standard)
            .read(file.open(), .psd, minimumShortEdge: nil)
        #expect(image.width == 2 && image.height == 2)
        return stride(from: 0, to: 12, by: 3).map { Array(image.pixels[$0..<$0 + 3]) }
    }

    private let red: [UInt8] = [255, 0, 0, 255]
    private let green: [UInt8] = [0, 255, 0, 255]
    private let blue: [UInt8] = [0, 0, 255, 0]

    @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
    func showsColours(_ isPacked: Bool, _ isLarge: Bool) throws {
        let bytes = psd(
            mode: 3, channels: [red, green, blue], isPacked: isPacked, isLarge: isLarge)
        #expect(try pixels(bytes) == Fixture.scene)
    }

    @Test func showsSixteenBits() throws {
        let wide = [red, green, blue].map { $0.flatMap { [$0, $0] } }
        #expect(try pixels(psd(mode: 3, depth: 16, channels: wide)) == Fixture.scene)
    }

    @Test func showsFloatingPointAsLight() throws {
        let half = Float(0.2140411).bitPattern
        let sample = (0..<4).map { UInt8(truncatingIfNeeded: half >> (24 - 8 * $0)) }
        let channel = [sample, sample, sample, sample].flatMap { $0 }
        let shown = try pixels(psd(mode: 3, depth: 32, channels: [channel, channel, channel]))
        #expect(shown.joined().allSatisfy { (126...129).contains($0) }, "\(shown)")
    }

    @Test func showsInksPalettesAndBitmaps() throws {
        // Inks are stored as what they leave: red is no magenta-free paper without cyan.
        let inks: [[UInt8]] = [red, green, blue, [255, 255, 255, 255]]
        #expect(try pixels(psd(mode: 4, channels: inks)) == Fixture.scene)
        var palette = [UInt8](repeating: 0, count: 768)
        for (index, colour) in Fixture.scene.enumerated() {
            for channel in 0..<3 { palette[channel * 256 + index] = colour[channel] }
        }
        let indexed = psd(mode: 2, channels: [[0, 1, 2, 3]], palette: palette)
        #expect(try pixels(indexed) == Fixture.scene)
        let (black, white): ([UInt8], [UInt8]) = ([0, 0, 0], [255, 255, 255])
        let bitmap = psd(mode: 0, depth: 1, channels: [[0x80, 0x40]])
        #expect(try pixels(bitmap) == [black, white, white, black])
    }

    @Test func aFurtherChannelIsTransparencyOnlyIfTheLayersSaySo() throws {
        let channels = [red, green, blue, [255, 0, 255, 0]]
        #expect(try pixels(psd(mode: 3, channels: channels, layers: 1)) == Fixture.scene)
        let white: [UInt8] = [255, 255, 255]
        let shown = try pixels(psd(mode: 3, channels: channels, layers: -1))
        #expect(shown == [Fixture.scene[0], white, Fixture.scene[2], white])
    }

    @Test func saysWhenThereIsNoFlatPicture() throws {
        let version = Array("8BIM".utf8) + [0x04, 0x21, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0]
        let bytes = psd(mode: 3, channels: [red, green, blue], resources: version)
        #expect(throws: CodecError.notSupported("a PSD that was saved without its flat picture")) {
            try pixels(bytes)
        }
    }

    @Test func refusesWhatEndsTooSoon() throws {
        for isPacked in [false, true] {
            let bytes = psd(mode: 3, channels: [red, green, blue], isPacked: isPacked)
            for count in [20, 30, bytes.count - 1] {
                #expect(throws: CodecError.cutShort) { try pixels(Array(bytes[..<count])) }
            }
        }
    }
}
