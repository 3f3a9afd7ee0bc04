import Imaging
import MediaDecoding
import Testing

@testable import MediaCodecs

/// Where a picture was taken.
@Suite struct PlaceTests {
    private typealias Value = TIFFBuilder.Value

    private func position(
        _ order: ByteOrder = .little, refs: (String, String)? = ("N", "E"),
        _ latitude: (TIFFBuilder) -> Value, _ longitude: (TIFFBuilder) -> Value
    ) throws -> Position? {
        let tiff = TIFFBuilder(order: order)
        let letters = refs.map { [tiff.ascii(1, $0.0), tiff.ascii(3, $0.1)] } ?? []
        let place = letters + [latitude(tiff), longitude(tiff)]
        return try Exif(tiff.block([.directory(tag: 0x8825, type: 13, place)])).position
    }

    private func isParis(_ position: Position?) -> Bool {
        guard let position else { return false }
        return abs(position.latitude - 48.7083) < 1e-3 && abs(position.longitude - 2.3375) < 1e-3
    }

    @Test(arguments: [5, 10], [ByteOrder.little, .big])
    func fractionsMayHaveASign(_ type: Int, _ order: ByteOrder) throws {
        let found = try position(order) {
            $0.fractions(2, type: type, [(48, 1), (42, 1), (30, 1)])
        } _: {
            $0.fractions(4, type: type, [(2, 1), (20, 1), (15, 1)])
        }
        #expect(isParis(found))
    }

    @Test func secondsOf0Over0CountNothing() throws {
        let found = try position {
            $0.fractions(2, [(48, 1), (4250, 100), (0, 0)])
        } _: {
            $0.fractions(4, [(2, 1), (2025, 100), (0, 0)])
        }
        #expect(isParis(found))
    }

    @Test func degreesOf0Over0AreNoPlace() throws {
        let found = try position {
            $0.fractions(2, [(0, 0), (0, 0), (0, 0)])
        } _: {
            $0.fractions(4, [(0, 0), (0, 0), (0, 0)])
        }
        #expect(found == nil)
    }

    @Test func wholeDegreesWithoutMinutesAreNoPlace() throws {
        func found(_ degrees: (Int, Int)) throws -> Position? {
            try position {
                $0.fractions(2, [degrees, (0, 0), (0, 0)])
            } _: {
                $0.fractions(4, [(23375, 10000), (0, 0), (0, 0)])
            }
        }
        #expect(try found((48, 1)) == nil)
        #expect(try isParis(found((487083, 10000))))
    }

    @Test func aSpaceBeforeTheLetterIsPassedOver() throws {
        let found = try position(refs: (" N", " E")) {
            $0.fractions(2, [(48, 1), (42, 1), (30, 1)])
        } _: {
            $0.fractions(4, [(2, 1), (20, 1), (15, 1)])
        }
        #expect(isParis(found))
    }

    @Test func withoutTheLettersTheHemisphereIsNotGuessed() throws {
        let found = try position(refs: nil) {
            $0.fractions(2, [(48, 1), (42, 1), (30, 1)])
        } _: {
            $0.fractions(4, [(2, 1), (20, 1), (15, 1)])
        }
        #expect(found == nil)
    }

    @Test func theLetterSaysTheSideWhateverTheSign() throws {
        for top in [33, -33] {
            let found = try position(refs: ("S", "W")) {
                $0.fractions(2, type: 10, [(top, 1), (30, 1), (0, 1)])
            } _: {
                $0.fractions(4, type: 10, [(top, 1), (0, 1), (0, 1)])
            }
            #expect(found == Position(latitude: -33.5, longitude: -33))
        }
    }

    @Test func readsTheFormsOfXMP() {
        #expect(XMPPacket.degrees("48,42.5N", "N", "S") == 48 + 42.5 / 60)
        #expect(XMPPacket.degrees("48,42,30S", "N", "S") == -(48 + 42.0 / 60 + 30.0 / 3600))
        #expect(XMPPacket.degrees("-2.3375", "E", "W") == -2.3375)
        for text in ["", "N", "a,bN", "48,,N", "1,2,3,4N", "48,-3N"] {
            #expect(XMPPacket.degrees(text, "N", "S") == nil)
        }
    }
}
