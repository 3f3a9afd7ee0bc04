import Foundation
import Testing

@testable import Catalogue

@Suite struct PairRulesTests {
    private let moment = "2024-07-26T18:03:11"

    private func member(
        _ name: String, _ kind: AssetKind = .still, at takenAt: String? = "2024-07-26T18:03:11",
        id: String? = nil, duration: Double? = nil, format: String = "jpeg"
    ) -> PairMember {
        let number = Int64(name.hashValue & 0xffff_ffff)
        let isRaw = ["nef", "dng"].contains(SidecarName.fileExtension(of: Data(name.utf8)))
        return PairMember(
            file: number, asset: number, name: Data(name.utf8), kind: kind, format: format,
            isRaw: isRaw, duration: duration ?? (kind == .video ? 3 : nil), takenAt: takenAt,
            contentIdentifier: id)
    }

    private func primary(_ member: PairMember, _ others: PairMember...) -> String? {
        PairRules.primary(of: member, among: others).map {
            String(decoding: $0.name, as: UTF8.self)
        }
    }

    @Test func aRawBelongsToThePictureOfTheSamePress() {
        #expect(primary(member("a.nef"), member("a.jpg")) == "a.jpg")
        #expect(primary(member("a.nef"), member("a.heic", format: "heic")) == "a.heic")
        #expect(primary(member("a.nef"), member("b.jpg")) == nil, "another name")
        #expect(primary(member("a.nef"), member("a.jpg", at: "2024-07-26T18:03:15")) == nil)
        #expect(primary(member("a.nef"), member("a.jpg", at: nil)) == nil)
        #expect(primary(member("a.nef"), member("a.tif", format: "tiff")) == nil, "a derivative")
        #expect(primary(member("a.jpg"), member("a.nef")) == nil, "the picture stands for itself")
    }

    @Test func aClipBelongsToTheStillWithItsIdentifier() {
        let clip = member("a.mov", .video, at: nil, id: "X")
        #expect(primary(clip, member("other.heic", id: "X")) == "other.heic")
        #expect(primary(clip, member("b.heic", id: "X"), member("a.heic", id: "X")) == "a.heic")
        #expect(primary(clip, member("a.heic", id: "Y")) == nil)
        #expect(primary(member("a.mov", .video, id: "X"), member("a.heic", id: "Y")) == nil)
    }

    @Test func withoutAnIdentifierNameAndMomentMustAgree() {
        let clip = member("a.mov", .video)
        #expect(primary(clip, member("a.jpg")) == "a.jpg")
        #expect(primary(clip, member("a.jpg", at: "2024-07-26T18:03:13")) == "a.jpg")
        #expect(primary(clip, member("a.jpg", at: "2024-08-30T18:03:11")) == nil, "strangers")
        #expect(primary(clip, member("b.jpg")) == nil)
        #expect(primary(clip, member("a.jpg", at: "2024-07-26")) == nil, "a day is no moment")
        #expect(primary(member("a.mov", .video, duration: 90), member("a.jpg")) == nil, "a film")
        #expect(primary(member("a.mov", .video, id: "X"), member("a.jpg")) == "a.jpg", "an edit")
    }

    @Test func aClipBelongsToWhatStandsForItsRaw() {
        let clip = member("a.mov", .video, id: "X")
        #expect(primary(clip, member("a.dng", id: "X")) == "a.dng")
        #expect(primary(clip, member("a.dng", id: "X"), member("a.jpg")) == "a.jpg")
    }
}
