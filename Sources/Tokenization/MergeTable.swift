/// What two neighbouring tokens become: an open-addressed table by their ids.
///
/// Encoding asks for far more pairs than it finds, at random places, so the table is packed as
/// tightly as ids and ranks allow: what does not fit the processor's cache is slow.
struct MergeTable: Sendable {
    /// Bits of an id (`TokenizerDefinition.maximumID`) and of a rank (`BytePairModel.maximumCount`).
    private static let idBits: UInt64 = 20
    private static let rankBits: UInt64 = 22

    private let seeds = ByteHash.Seeds()
    /// Left id, right id and rank from the top, or all ones where free.
    ///
    /// A power of two long and at most three quarters full.
    private var slots: [UInt64]
    /// What the pair of each rank becomes.
    private var joined: [Int32] = []
    /// The rank of any two bytes, the left one's number first: every word begins with these.
    private var byteRanks: [UInt32] = []

    /// Makes room for as many pairs as will be added at most.
    init(capacity: Int) {
        var count = 16
        while 3 * count < 4 * capacity { count *= 2 }
        slots = Array(repeating: .max, count: count)
        joined.reserveCapacity(capacity)
    }

    /// The place of a pair in the list of merges, where lower joins first; nil if it is not there.
    @inline(__always)
    func rank(_ left: Int32, _ right: Int32) -> UInt32? {
        let pair = Self.pair(left, right)
        let slot = slots[slot(for: pair)]
        return slot == .max ? nil : UInt32(truncatingIfNeeded: slot & (1 << Self.rankBits - 1))
    }

    /// The place of two bytes' pair in the list of merges; `.max` if it is not there.
    @inline(__always)
    func rank(ofBytes left: UInt8, _ right: UInt8) -> UInt32 {
        byteRanks[Int(left) << 8 | Int(right)]
    }

    /// What the pair of a rank becomes.
    @inline(__always)
    func id(_ rank: UInt32) -> Int32 { joined[Int(rank)] }

    /// Adds the pair of the next rank; of one that is added twice, the later rank counts.
    mutating func append(_ left: Int32, _ right: Int32, joined id: Int32) {
        let pair = Self.pair(left, right)
        slots[slot(for: pair)] = pair << Self.rankBits | UInt64(joined.count)
        joined.append(id)
    }

    /// Looks up all pairs of bytes; to be called when all merges are there.
    ///
    /// - Parameter ids: The ids of the 256 bytes.
    mutating func prepare(forBytes ids: [Int32]) {
        byteRanks = ids.flatMap { left in ids.map { rank(left, $0) ?? .max } }
    }

    @inline(__always)
    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << idBits | UInt64(UInt32(bitPattern: right))
    }

    /// The slot that holds the pair, or the free one where it would go.
    @inline(__always)
    private func slot(for pair: UInt64) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: ByteHash.hash(pair, seeds)) & mask
        while slots[slot] != .max, slots[slot] >> Self.rankBits != pair { slot = (slot + 1) & mask }
        return slot
    }
}
