import Testing

@testable import MediaCodecs

@Suite struct CodedUnitsTests {
    private let lengths = CodedUnits(isHEVC: false, lengthSize: 4)
    private let startCodes = CodedUnits(isHEVC: false, lengthSize: 0)
    private let zeros = [UInt8](repeating: 0, count: 512)
    /// A slice of H.264, and a message, in which careless encoders leave zeros.
    private let slice: [UInt8] = [0x65, 1, 2, 3, 4, 5, 6, 7]
    private let message: [UInt8] = [0x06, 5] + [UInt8](repeating: 0, count: 40) + [1, 2, 0x80]

    private func measured(_ unit: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(unit.count >> 8), UInt8(unit.count & 0xff)] + unit
    }

    private func marked(_ unit: [UInt8]) -> [UInt8] { [0, 0, 0, 1] + unit }

    private func arePlausible(_ units: CodedUnits, _ packet: [UInt8]) -> Bool {
        packet.withUnsafeBufferPointer { units.arePlausible($0) }
    }

    @Test func takesWholePackets() {
        #expect(arePlausible(lengths, measured(message) + measured(slice)))
        #expect(arePlausible(startCodes, marked(message) + marked(slice)))
        #expect(arePlausible(startCodes, marked(slice) + zeros + marked(slice)))
        #expect(arePlausible(lengths, []))
    }

    @Test func findsZerosWithinASlice() {
        let holed = Array(slice[..<4]) + zeros + slice[4...]
        #expect(!arePlausible(lengths, measured(holed)))
        #expect(!arePlausible(startCodes, marked(holed)))
    }

    @Test func findsZerosAtTheEndOfASliceOfHEVC() {
        let units = CodedUnits(isHEVC: true, lengthSize: 4)
        #expect(arePlausible(units, measured([0x26, 1, 2, 3])))
        #expect(!arePlausible(units, measured([0x26, 1, 2, 3] + zeros)))
    }

    @Test func findsLengthsThatCannotBe() {
        #expect(!arePlausible(lengths, [0, 0, 1, 0] + slice))
        #expect(!arePlausible(lengths, measured(slice) + [0x7f, 0xff, 0xff, 0xff, 1]))
        #expect(!arePlausible(lengths, zeros))
    }
}
