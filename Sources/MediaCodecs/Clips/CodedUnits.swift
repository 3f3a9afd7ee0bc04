import CLibAV

/// Finds packets of H.264, HEVC, VP8 and VP9 into which zeros were written.
///
/// Both codings never have three zero bytes in a row within a slice (ITU H.264, 7.4.1; H.265, 7.4.2), so
/// that a block of zeros, which disks and transfers leave where data was lost, is told at once. Decoders
/// read over it, and show what comes out. VP8 and VP9 have no such rule, but a sector of zeros would be
/// hundreds of thousands of decisions in a row that all turned out as they were expected to.
struct CodedUnits {
    /// Zero bytes in a row that are too many; careless encoders may forget to escape a few.
    private static let mostZeros = 8

    /// Zero bytes in a row that no picture of VP8 or VP9 has: a sector of a disk.
    private static let sector = 512

    private let isHEVC: Bool
    /// Whether packets are not divided into units.
    private let isPlain: Bool
    /// Bytes of a unit's length before it; 0 where start codes stand between units (annex B).
    private let lengthSize: Int

    /// Takes the layout from the stream's configuration; `nil` for other codings.
    init?(_ parameters: AVCodecParameters) {
        switch parameters.codec_id {
        case AV_CODEC_ID_H264, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9: isHEVC = false
        case AV_CODEC_ID_HEVC: isHEVC = true
        default: return nil
        }
        isPlain =
            parameters.codec_id == AV_CODEC_ID_VP8 || parameters.codec_id == AV_CODEC_ID_VP9
        let place = isHEVC ? 21 : 4
        // Configurations (ISO 14496-15) begin with their version; start codes begin with zero.
        guard let data = parameters.extradata, parameters.extradata_size > place, data[0] == 1
        else {
            lengthSize = 0
            return
        }
        lengthSize = Int(data[place] & 3) + 1
    }

    /// Units that are in a packet with lengths of `lengthSize` bytes before them.
    init(isHEVC: Bool, lengthSize: Int) {
        self.isHEVC = isHEVC
        isPlain = false
        self.lengthSize = lengthSize
    }

    /// Whether the packet may be whole.
    func arePlausible(_ packet: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !isPlain else { return Self.zeros(in: packet) < Self.sector }
        // Where lengths are announced, some recorders write start codes all the same; a unit of one byte
        // there is none.
        return lengthSize == 0 || packet.starts(with: [0, 0, 0, 1])
            ? arePlausible(behindStartCodes: packet) : arePlausible(behindLengths: packet)
    }

    /// The longest run of zeros.
    private static func zeros(in packet: UnsafeBufferPointer<UInt8>) -> Int {
        var longest = 0
        var zeros = 0
        for byte in packet {
            zeros = byte == 0 ? zeros + 1 : 0
            longest = max(longest, zeros)
        }
        return longest
    }

    private func arePlausible(behindLengths packet: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        var empty = 0
        while position + lengthSize <= packet.count {
            var length = 0
            for byte in packet[position..<position + lengthSize] {
                length = length << 8 | Int(byte)
            }
            position += lengthSize
            guard length <= packet.count - position else { return false }
            empty = length == 0 ? empty + 1 : 0
            guard empty < Self.mostZeros else { return false }
            let unit = packet[position..<position + length]
            position += length
            guard let first = unit.first, isSlice(first) else { continue }
            var zeros = 0
            for byte in unit {
                if byte != 0, zeros >= Self.mostZeros { return false }
                zeros = byte == 0 ? zeros + 1 : 0
            }
            // The decoder of H.264 misses what should stand there by itself; padding is no fault.
            if isHEVC, zeros >= 64 { return false }
        }
        return true
    }

    private func arePlausible(behindStartCodes packet: UnsafeBufferPointer<UInt8>) -> Bool {
        var zeros = 0
        var isInSlice = false
        var isHeader = false
        for byte in packet {
            if isHeader { isInSlice = isSlice(byte) }
            isHeader = byte == 1 && zeros >= 2
            // Any number of zeros may stand before a start code.
            if byte != 0, !isHeader, isInSlice, zeros >= Self.mostZeros { return false }
            zeros = byte == 0 ? zeros + 1 : 0
        }
        return true
    }

    /// Whether a unit is a picture's, and so escaped without fail; what is said about it may not be.
    private func isSlice(_ header: UInt8) -> Bool {
        isHEVC ? header >> 1 & 0x3f < 32 : (1...5).contains(header & 0x1f)
    }
}
