import ArgumentParser
import Captioning
import Foundation
import MediaDecoding
import SystemPackage

/// A file that a question is about.
struct AlbumFile {
    /// By what people know it.
    let path: FilePath
    /// Where it is opened.
    let opened: FilePath
    /// The folder that it must lie in without a link in between; `nil` for any.
    let folder: FilePath?

    /// A file that somebody names.
    init(_ path: FilePath) { self.init(path, opened: path, beneath: nil) }

    /// A file of the catalogue, to be opened by the rules of watched folders.
    init(_ path: FilePath, opened: FilePath, beneath folder: FilePath?) {
        (self.path, self.opened, self.folder) = (path, opened, folder)
    }
}

/// The pictures of a question in the order in which they were taken, or one clip.
struct Album {
    /// What is asked about, in order.
    let files: [AlbumFile]
    /// Of a clip, its length as its container states it; `nil` for pictures.
    private let clip: MediaProbe?

    /// Looks at the files.
    ///
    /// - Throws: `DecodingError` for what is no picture, `ValidationError` for a clip among others.
    init(_ named: [AlbumFile], decoder: Decoder) throws {
        let probed = try named.map {
            (file: $0, probe: try decoder.probe($0.opened, beneath: $0.folder))
        }
        if let clip = probed.first(where: { $0.probe.kind == .video }) {
            guard probed.count == 1 else {
                throw ValidationError(
                    "\(PathText(clip.file.path).display) is a clip; a clip is asked about alone")
            }
            self.clip = clip.probe
        } else {
            clip = nil
        }
        // Those without a moment stand where they were named.
        let moments = probed.map { $0.probe.metadata.capture.takenAt }
        files =
            moments.allSatisfy { $0 != nil }
            ? probed.indices.sorted { (moments[$0] ?? "", $0) < (moments[$1] ?? "", $1) }
                .map { probed[$0].file } : named
    }

    /// Whether it is a clip.
    var isClip: Bool { clip != nil }

    /// How many pictures or seconds there are to see, as far as that is known.
    var expectedCount: Int {
        guard let clip else { return files.count }
        return max(Int(min(clip.duration ?? 1, 1e6).rounded(.up)), 1)
    }

    /// Shows the pictures to the model, and tells how many it has seen.
    func show(
        to captioner: Captioner, asking questions: [String], decoder: Decoder,
        onPicture: (Int) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> Asking {
        let edge = try captioner.minimumShortEdge()
        var asking = try captioner.beginAsking(questions, clipOf: clip?.duration)
        if isClip {
            let file = files[0]
            try decoder.frames(file.opened, minimumShortEdge: edge, beneath: file.folder) {
                try asking.add($0, shouldStop: shouldStop)
                onPicture(asking.pictureCount)
            }
            guard asking.pictureCount > 0 else {
                throw DecodingError.rejected(file.path, reason: "the clip holds no frame")
            }
            return asking
        }
        for file in files {
            let picture = try decoder.still(
                file.opened, minimumShortEdge: edge, beneath: file.folder)
            try asking.add(captioner.reduced(picture), shouldStop: shouldStop)
            onPicture(asking.pictureCount)
        }
        return asking
    }
}
