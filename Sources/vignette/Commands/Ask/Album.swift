import ArgumentParser
import Captioning
import Foundation
import MediaDecoding
import SystemPackage

/// The pictures of a question in the order in which they were taken, or one clip.
struct Album {
    /// What is asked about, in order.
    let files: [FilePath]
    /// Of a clip, its length as its container states it; `nil` for pictures.
    private let clip: MediaProbe?

    /// Looks at the files.
    ///
    /// - Throws: `DecodingError` for what is no picture, `ValidationError` for a clip among others.
    init(_ paths: [FilePath], decoder: Decoder) throws {
        let probed = try paths.map { (path: $0, probe: try decoder.probe($0)) }
        if let clip = probed.first(where: { $0.probe.kind == .video }) {
            guard probed.count == 1 else {
                throw ValidationError(
                    "\(PathText(clip.path).display) is a clip; a clip is asked about alone")
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
                .map { probed[$0].path } : paths
    }

    /// Whether it is a clip.
    var isClip: Bool { clip != nil }

    /// Shows the pictures to the model.
    func show(
        to captioner: Captioner, asking questions: [String], decoder: Decoder
    ) throws -> Asking {
        let edge = try captioner.minimumShortEdge()
        var asking = try captioner.beginAsking(questions, clipOf: clip?.duration)
        if isClip {
            try decoder.frames(files[0], minimumShortEdge: edge) { try asking.add($0) }
            guard asking.pictureCount > 0 else {
                throw DecodingError.rejected(files[0], reason: "the clip holds no frame")
            }
            return asking
        }
        for file in files {
            try asking.add(captioner.reduced(decoder.still(file, minimumShortEdge: edge)))
        }
        return asking
    }
}
