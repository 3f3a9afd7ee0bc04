import CLIP
import Imaging
import LLaVAMini
import SystemPackage
import TestSupport
import Testing

@testable import Captioning

/// Where the one token looks.
@Suite struct PictureAttentionTests {
    private static func captioner(highResolution: Bool = false) throws -> Captioner {
        var settings = CaptioningSettings()
        settings.highResolution = highResolution
        return try Captioner(
            folder: BuildProducts.checkout.appending("Models/demo"), settings: settings)
    }

    private static func picture(_ width: Int, _ height: Int) -> RGBImage {
        RGBImage(
            width: width, height: height,
            pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * 7 / 3) })
    }

    @Test func everyHeadSharesItselfOutOverThePatches() throws {
        let attention = try Self.captioner().attention(of: Self.picture(200, 150))
        #expect(attention.areas.count == attention.columns * attention.rows)
        #expect(attention.heads.count == 8)
        for head in attention.heads + [attention.weights] {
            #expect(head.count == attention.areas.count)
            #expect(abs(head.reduce(0, +) - 1) < 1e-4)
        }
    }

    @Test func blocksAreOneFinerGridOverTheWholePicture() throws {
        let picture = Self.picture(200, 150)
        let coarse = try Self.captioner().attention(of: picture)
        let fine = try Self.captioner(highResolution: true).attention(of: picture)
        #expect(fine.columns == 2 * coarse.columns)
        let right = try #require(fine.areas.map { $0.x + $0.width }.max())
        #expect(right <= 1.0001 && right > 0.8)
    }

    @Test func aFrameIsLookedAtAsAWhole() throws {
        let attention = try Self.captioner().attention(ofFrame: Self.picture(200, 150))
        #expect(attention.areas.first.map { $0.x == 0 && $0.y == 0 } == true)
        let last = try #require(attention.areas.last)
        #expect(abs(last.x + last.width - 1) < 1e-9 && abs(last.y + last.height - 1) < 1e-9)
    }
}
