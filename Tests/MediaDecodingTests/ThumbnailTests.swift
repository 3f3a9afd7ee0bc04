import Foundation
import Imaging
import SystemPackage
import TestSupport
import Testing

@testable import MediaDecoding

/// Small pictures that the child makes.
@Suite struct ThumbnailTests {
    private func decoder() throws -> Decoder {
        Decoder(executable: try BuildProducts.program("vignette-decoder"))
    }

    private func thumbnail(width: Int, height: Int, edge: Int) throws -> RGBImage {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("picture.png")
        try PictureFactory.png(3, width: width, height: height).write(
            to: .init(filePath: path.string))
        let decoder = try decoder()
        let jpeg = try decoder.thumbnail(path, longestEdge: edge)
        // Read back as any other picture.
        let small = directory.path.appending("small.jpg")
        try jpeg.withUnsafeBytes { bytes in
            let file = try FileDescriptor.open(
                small, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(bytes) }
        }
        return try decoder.still(small, minimumShortEdge: nil)
    }

    @Test(arguments: [
        (600, 400, 384, 384, 256), (400, 600, 384, 256, 384), (384, 384, 384, 384, 384),
        (100, 50, 384, 100, 50),
        (2000, 10, 384, 384, 2), (3000, 1, 384, 384, 1), (1441, 961, 1440, 1440, 960),
    ]) func theLongerEdgeIsBounded(
        width: Int, height: Int, edge: Int, smallWidth: Int, smallHeight: Int
    ) throws {
        let small = try thumbnail(width: width, height: height, edge: edge)
        #expect(small.width == smallWidth)
        #expect(small.height == smallHeight)
    }

    @Test func itShowsThePicture() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("picture.png")
        try PictureFactory.png(3, width: 600, height: 400).write(to: .init(filePath: path.string))
        let whole = try decoder().still(path, minimumShortEdge: nil).resized(width: 30, height: 20)
        let small = try thumbnail(width: 600, height: 400, edge: 384).resized(width: 30, height: 20)
        let difference = zip(whole.pixels, small.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(difference <= 16)
    }

    @Test func whatIsNoPictureHasNone() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("text.jpg")
        try "no picture at all, only words".write(
            toFile: path.string, atomically: true, encoding: .utf8)
        let decoder = try decoder()
        #expect(throws: DecodingError.self) { try decoder.thumbnail(path, longestEdge: 384) }
    }

    @Test func oneComesWithThePixelsWhereTheySuffice() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("picture.png")
        try PictureFactory.png(3, width: 600, height: 400).write(to: .init(filePath: path.string))
        let decoder = try decoder()
        let (image, jpeg) = try decoder.still(path, minimumShortEdge: nil, withThumbnail: 384)
        #expect(image.width == 600 && image.height == 400)
        #expect(jpeg == (try decoder.thumbnail(path, longestEdge: 384)))
        let (whole, none) = try decoder.still(path, minimumShortEdge: nil, withThumbnail: 601)
        #expect(whole == image && none == nil)
        #expect(throws: DecodingError.self) {
            _ = try decoder.still("/no/such.png", minimumShortEdge: nil, withThumbnail: 384)
        }
        #expect(try decoder.still(path, minimumShortEdge: nil) == image, "it goes on answering")
    }

    @Test func oneComesWithTheFirstFrameOfAClip() throws {
        let decoder = try decoder()
        let clip = Fixture.path("h264.mp4")
        var (frames, jpegs): (Int, [(bytes: [UInt8], frames: Int)]) = (0, [])
        try decoder.frames(
            clip, minimumShortEdge: nil, withThumbnail: 16,
            onThumbnail: { jpegs.append(($0, frames)) }, { _ in frames += 1 })
        #expect(frames > 1 && jpegs.map(\.frames) == [1])
        #expect(jpegs.first?.bytes == (try decoder.thumbnail(clip, longestEdge: 16)))
        try decoder.frames(
            clip, minimumShortEdge: nil, withThumbnail: 4000,
            onThumbnail: { jpegs.append(($0, frames)) }, { _ in })
        #expect(jpegs.count == 1, "a frame that does not suffice has none")
    }

    @Test(arguments: [0, 15, 4097, 1 << 30]) func anEdgeBeyondReasonIsRefused(edge: Int) throws {
        #expect(throws: DecodingError.self) { _ = try thumbnail(width: 8, height: 8, edge: edge) }
    }
}
