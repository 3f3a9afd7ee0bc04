import Foundation
import Imaging
import Likeness
import TestSupport
import Testing

struct PictureComparisonTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]

    private static let same = PictureComparison.sameLikeness

    private func expectSame(
        _ one: RGBImage, _ other: RGBImage, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let likeness = likeness(one, other)
        #expect(likeness >= Self.same, sourceLocation: sourceLocation)
    }

    private func expectOther(
        _ one: RGBImage, _ other: RGBImage, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let likeness = likeness(one, other)
        #expect(likeness < Self.same, sourceLocation: sourceLocation)
    }

    private func likeness(_ one: RGBImage, _ other: RGBImage) -> Double {
        PictureSignature(one).likeness(to: PictureSignature(other))
    }

    @Test(arguments: seeds) func pagesOfTextAreTheSameOnlyIfTheirTextIs(_ seed: UInt64) {
        let page = DrawnPage(seed).image
        expectSame(page, page.resized(width: 720, height: 960))
        expectSame(page, page.resized(width: 360, height: 480))
        expectOther(page, DrawnPage(seed + 100).image)
        expectOther(page, DrawnPage(seed, changing: 17).image)
    }

    @Test(arguments: seeds) func findsOtherSizes(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        expectSame(scene.image(160, 120), scene.image(100, 75))
        expectSame(scene.image(160, 120), scene.image(400, 300))
    }

    @Test(arguments: seeds) func findsNoiseAsOfCoding(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let image = DrawnScene(seed).image(160, 120)
        let noisy = image.pixels.map {
            UInt8(clamping: Int($0) + Int.random(in: -8...8, using: &generator))
        }
        expectSame(image, RGBImage(width: 160, height: 120, pixels: noisy))
    }

    @Test(arguments: seeds) func findsCrops(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        let whole = scene.image(160, 120)
        expectSame(whole, scene.image(152, 120, left: 0.03, across: 0.95))
        expectSame(whole, scene.image(160, 114, top: 0, down: 0.95))
        expectSame(whole, scene.image(152, 114, left: 0.05, top: 0.02, across: 0.95, down: 0.95))
        expectSame(whole, scene.image(144, 108, left: 0.05, top: 0.05, across: 0.9, down: 0.9))
    }

    @Test(arguments: seeds) func findsBrighterOnes(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        let image = scene.image(160, 120)
        expectSame(image, scene.image(160, 120) { $0 * 1.2 })
        expectSame(image, scene.image(160, 120) { 255 * pow($0 / 255, 0.9) })
        expectSame(image, scene.image(160, 120) { $0 * 0.8 })
    }

    @Test(arguments: seeds) func findsAllOfItAtOnce(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        let changed = scene.image(130, 100, left: 0.04, top: 0.01, across: 0.95, down: 0.95) {
            $0 * 1.15
        }
        expectSame(scene.image(160, 120), changed)
    }

    @Test(arguments: seeds) func isSymmetric(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        let one = PictureSignature(scene.image(160, 120))
        for image in [
            scene.image(152, 114, left: 0.05, across: 0.95), scene.image(160, 120) { $0 * 1.2 },
            scene.moved(3, by: 0.02).image(160, 120), DrawnScene(seed + 1).image(160, 120),
        ] {
            let other = PictureSignature(image)
            #expect(PictureComparison(one, other) == PictureComparison(other, one))
        }
    }

    @Test func tellsOtherScenes() {
        let signatures = Self.seeds.map { PictureSignature(DrawnScene($0).image(240, 180)) }
        for (index, one) in signatures.enumerated() {
            for other in signatures[(index + 1)...] { #expect(!one.isSamePicture(as: other)) }
        }
    }

    @Test(arguments: seeds) func tellsASubjectThatMoved(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        // The last blob is drawn above all others.
        expectOther(scene.image(160, 120), scene.moved(23, by: 0.03).image(160, 120))
    }

    @Test(arguments: seeds) func aBurstResemblesWithoutBeingTheSame(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        let comparison = PictureComparison(
            PictureSignature(scene.image(160, 120)),
            PictureSignature(scene.moved(23, by: 0.03).image(160, 120)))
        #expect(comparison.resemblance > 0.8)
        #expect(!comparison.isSamePicture)
    }

    @Test(arguments: seeds) func tellsACameraThatTurned(_ seed: UInt64) {
        let scene = DrawnScene(seed)
        let turned = scene.image(160, 120, turned: 0.02)
        expectOther(scene.image(160, 120), turned)
    }

    @Test(arguments: seeds) func tellsACameraThatPanned(_ seed: UInt64) {
        // Each shows what the other lacks: no crop of the other.
        let scene = DrawnScene(seed)
        let (one, other) = (
            scene.image(144, 120, left: 0, across: 0.95),
            scene.image(144, 120, left: 0.02, across: 0.95)
        )
        expectOther(one, other)
    }

    @Test(arguments: seeds) func tellsMirrorImages(_ seed: UInt64) {
        let image = DrawnScene(seed).image(200, 150)
        var mirrored = image.pixels
        for row in 0..<150 {
            for column in 0..<200 {
                for channel in 0..<3 {
                    mirrored[(row * 200 + column) * 3 + channel] =
                        image.pixels[(row * 200 + 199 - column) * 3 + channel]
                }
            }
        }
        expectOther(image, RGBImage(width: 200, height: 150, pixels: mirrored))
    }

    @Test func tellsColoursOfOneLight() {
        // A disc of red and one of blue-green on white: to light alone, a change of tone.
        let disc = { (colour: [UInt8]) in
            RGBImage(
                width: 200, height: 200,
                pixels: (0..<40_000).flatMap { place -> [UInt8] in
                    let (x, y) = (place % 200 - 90, place / 200 - 110)
                    return x * x + y * y < 2500 ? colour : [250, 250, 250]
                })
        }
        expectSame(disc([200, 30, 30]), disc([196, 33, 30]))
        expectOther(disc([200, 30, 30]), disc([20, 90, 140]))
    }

    @Test func skiesWithoutAnythingAreNotJudged() {
        let sky = { (bottom: Int) in
            RGBImage(
                width: 200, height: 150,
                pixels: (0..<30_000).flatMap { place -> [UInt8] in
                    let light = UInt8(150 + place / 200 * bottom / 150)
                    return [light, light, 230]
                })
        }
        expectOther(sky(12), sky(14))
        let likeness = likeness(sky(12), sky(12))
        #expect(likeness == 1)
    }
}
