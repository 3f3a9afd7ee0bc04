import Imaging
import MediaDecoding
import SystemPackage
import Testing

/// Files that failed for somebody, each with its right answer, through the child as it is in use.
///
/// Where the files came from and how they were made: Tests/Fixtures/README.md.
@Suite struct ReportTests {
    private static let fox = "fox-lake-cloudy.jpg"
    private static let goat = "goat-honeypot-beach-cloudy.jpg"
    private static let tiger = "tiger-policecar-bear-dinosaur-stage-bright.jpg"
    private static let truck = "truck-kitchen-bright.jpg"
    private static let nokia = "HMD Global Nokia 7 plus"

    private static func fox(
        _ name: String, takenAt: String? = nil, isTurned: Bool = false, isInParis: Bool = false
    ) -> Report {
        let isSmall = name.hasSuffix(".png")
        let edges = isSmall ? (width: 384, height: 288) : (width: 768, height: 576)
        return Report(
            name: name, size: isTurned ? (edges.height, edges.width) : edges, sample: fox,
            isTurned: isTurned, takenAt: takenAt, camera: takenAt == nil ? nil : nokia,
            isInParis: isInParis)
    }

    private static func truck(_ name: String, edge: Int = 100) -> Report {
        Report(name: name, size: (edge, edge), sample: truck)
    }

    /// Files whose dates, places, cameras or orientation are written in other ways.
    private static let facts = [
        fox("jpeg-date-zero-original-valid-create.jpg", takenAt: "2019-04-09T16:19:13"),
        fox("jpeg-date-empty-original-valid-modify.jpg", takenAt: "2019-04-09T16:19:13"),
        fox("jpeg-date-hour24.jpg", takenAt: "2019-04-09"),
        fox("jpeg-date-no-seconds.jpg", takenAt: "2019-04-09T16:19"),
        fox("jpeg-date-gpsstamp-only.jpg", takenAt: "2019-04-09T14:19:13Z", isInParis: true),
        fox("jpeg-gps-srational.jpg", takenAt: "2019-04-09T16:19:13", isInParis: true),
        fox("jpeg-gps-seconds-0over0.jpg", takenAt: "2019-04-09T16:19:13", isInParis: true),
        // Without the letters of the hemispheres a place is not guessed.
        fox("jpeg-gps-noref.jpg", takenAt: "2019-04-09T16:19:13"),
        fox("jpeg-exif-after-sof.jpg", takenAt: "2019-04-09T16:19:13", isTurned: true),
        fox("jpeg-orient6-sshort.jpg", takenAt: "2019-04-09T16:19:13", isTurned: true),
        fox("jpeg-xmp-only.jpg", takenAt: "2019-04-09T16:19:13+02:00", isInParis: true),
        fox("png-xmp-only.png", takenAt: "2019-04-09T16:19:13+02:00", isInParis: true),
        fox("png-rawprofile-exif.png", takenAt: "2019-04-09T16:19:13"),
        fox("png-exif-with-header.png", takenAt: "2019-04-09T16:19:13", isTurned: true),
    ]

    /// Files whose pixels are stored in ways that are rare, or among what does not belong there.
    private static let pictures = [
        fox("jpeg-junk-between-segments.jpg"), fox("png-bad-crc-text.png"), fox("png-no-iend.png"),
        Report(name: "heic-ios18-auxl-two-refs.heic", size: (384, 256), sample: goat),
        Report(name: "heic-motion-raw-mp4-appended.heic", size: (384, 256), sample: goat),
        Report(name: "avif-sequence-only.avif", size: (96, 64), sample: goat),
        Report(name: "jpeg-lossless-sof3.jpg", size: (96, 64), sample: tiger),
        Report(
            name: "jpeg-cut-last-2-percent.jpg", size: (768, 576), sample: fox, isIncomplete: true),
        Report(
            name: "jpeg-progressive-cut-95.jpg", size: (768, 576), sample: fox, isIncomplete: true),
        truck("tiff-tiled-deflate.tif", edge: 200), truck("tiff-thumbnail-first.tif"),
        truck("tiff-lab.tif"), truck("tiff-float32.tif"), truck("tiff-bigtiff.tif"),
        truck("tiff-jpeg-inside.tif"),
        Report(name: "tiff-signed16.tiff", size: (72, 72), sample: truck, isGrey: true),
        Report(name: "jpeg-icc-prophoto.jpg", size: (768, 512), sample: tiger),
        // CMYK without a profile: readers agree no further.
        Report(
            name: "tiff-separated-planar-08.tif", size: (72, 48),
            sample: "football-street-night.jpg", tolerance: 20),
    ]

    @Test(arguments: facts + pictures) func isReadAsOthersReadIt(_ report: Report) throws {
        let decoder = try Fixture.decoder()
        let probe = try decoder.probe(report.path)
        #expect(probe.width == report.size.width && probe.height == report.size.height)
        #expect(probe.isIncomplete == report.isIncomplete)
        #expect(probe.metadata.capture.takenAt == report.takenAt)
        #expect(probe.metadata.capture.camera == report.camera)
        if report.isInParis {
            #expect(abs(try #require(probe.metadata.capture.latitude) - 48.7083) < 1e-3)
            #expect(abs(try #require(probe.metadata.capture.longitude) - 2.3375) < 1e-3)
        } else {
            #expect(
                probe.metadata.capture.latitude == nil && probe.metadata.capture.longitude == nil)
        }
        let image = try decoder.still(report.path, minimumShortEdge: 96)
        if let expected = try report.expected(decoder) {
            #expect(Report.distance(image, expected) <= Double(report.tolerance))
        }
    }

    @Test(arguments: [
        ("avi-xvid-bframes.avi", 2), ("avi-h264-nobframes.avi", 2),
        ("avi-riff-size-is-file-size.avi", 1), ("mp4-fragmented-no-sync-flags.mp4", 2),
    ])
    func givesAFrameForEachSecond(_ name: String, _ count: Int) throws {
        let path = Report.folder.appending(name)
        var frames: [VideoFrame] = []
        try Fixture.decoder().frames(path, minimumShortEdge: nil) { frames.append($0) }
        #expect(frames.map(\.second) == (0..<count).map(Double.init))
        for frame in frames {
            #expect(frame.image.width == 160 && frame.image.height == 120)
            // FFmpeg's test picture has every colour; a smear or a black frame has not.
            #expect(Set(Report.grid(frame.image).map { Int($0) / 32 }).count >= 6)
        }
    }

    @Test func showsAClipInHighDynamicRangeAsItWasMastered() throws {
        let decoder = try Fixture.decoder()
        var frames: [VideoFrame] = []
        let report = Report(name: "hevc-hdr10-pq.mp4", size: (480, 320), sample: Self.goat)
        try decoder.frames(report.path, minimumShortEdge: nil) { frames.append($0) }
        let expected = try #require(try report.expected(decoder))
        #expect(frames.map(\.second) == [0, 1])
        // Paper white is at 203 cd/m²; how the lights above are pressed together is a matter of taste.
        #expect(frames.allSatisfy { Report.distance($0.image, expected) <= 10 })
    }
}
