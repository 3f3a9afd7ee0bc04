/// Tells frames that show what was recorded from those that show what is left of it.
///
/// A frame that could not be read wholly is not shown, nor are those that were built upon it, up to the
/// next frame that stands for itself (a key frame). Packets are numbered in the order in which they are
/// decoded; a frame has its packet's number, and comes in the order in which it is shown.
struct IntactFrames {
    /// A frame as the decoder gave it.
    struct Frame {
        /// The number of its packet; `nil` if the decoder does not tell.
        var number: Int?
        /// When it is shown, in any unit; `nil` if the file does not say.
        var stamp: Int64?
        /// Whether the decoder says that it needs no other frame.
        var isKey = false
        /// Whether the decoder could not read all of it.
        var isDamaged = false
        /// Whether other frames are seldom built upon it (B).
        var isBidirectional = false
    }

    /// Numbers that are kept of packets on the way; decoders hold back sixteen frames at most.
    private static let mostKept = 64

    /// Whether each frame stands for itself.
    private let isIntraOnly: Bool
    /// Whether the decoder's word on key frames is to be taken, rather than the container's.
    private let decoderKnowsKeys: Bool
    /// The packet from which on frames are not to be trusted; −1 before the first key frame.
    private var damage: Int? = -1
    /// Key packets whose frames have not come yet.
    private var expected: [(number: Int, stamp: Int64?)] = []
    private var keys: [Int] = []
    private var unreadable: [Int] = []
    private var count = 0
    private var lastKey = -1
    /// Whether anything was found to be damaged.
    private(set) var hasDamage = false
    /// Takes frames before the first key frame too, for streams that have none.
    var needsNoKey = false {
        didSet { if needsNoKey, damage == -1 { damage = nil } }
    }

    init(isIntraOnly: Bool, decoderKnowsKeys: Bool) {
        self.isIntraOnly = isIntraOnly
        self.decoderKnowsKeys = decoderKnowsKeys
    }

    /// Begins anew after a jump.
    mutating func restart() {
        damage = needsNoKey ? nil : -1
        expected = []
        lastKey = count - 1
    }

    /// Whether packets need not be decoded before the next key packet.
    var awaitsKeyPacket: Bool {
        guard let damage, damage >= 0, !isIntraOnly else { return false }
        return lastKey <= damage
    }

    /// Numbers the next packet.
    mutating func number(isKey: Bool, stamp: Int64?) -> Int {
        let number = count
        count += 1
        guard isKey else { return number }
        // The second of two in a row may be the other field of the same picture.
        if keys.last != number - 1 { Self.keep((number, stamp), in: &expected) }
        Self.keep(number, in: &keys)
        lastKey = number
        return number
    }

    /// Notes that a packet could not be read.
    mutating func cannotRead(_ number: Int) {
        Self.keep(number, in: &unreadable)
        expected.removeAll { $0.number == number }
        distrust(number)
    }

    /// Whether a frame shows what was recorded.
    mutating func isIntact(_ frame: Frame) -> Bool {
        let number = frame.number ?? count - 1
        let isWhole = !frame.isDamaged && !unreadable.contains(number)
        if !isWhole { hasDamage = true }
        guard !isIntraOnly else { return isWhole }
        expected.removeAll { $0.number == number }
        for key in expected where Self.isOverdue(key, at: frame, number) { distrust(key.number) }
        let isKey = frame.isKey || !decoderKnowsKeys && keys.contains(number)
        guard isWhole else {
            if isKey || !frame.isBidirectional { distrust(number) }
            return false
        }
        guard let damage, number > damage else { return true }
        if isKey { self.damage = nil }
        return isKey
    }

    /// Whether a key frame should have been shown before `frame`.
    private static func isOverdue(
        _ key: (number: Int, stamp: Int64?), at frame: Frame, _ number: Int
    ) -> Bool {
        guard number > key.number else { return false }
        guard let due = key.stamp, let now = frame.stamp else { return !frame.isBidirectional }
        return due < now
    }

    private mutating func distrust(_ number: Int) {
        hasDamage = true
        damage = max(damage ?? number, number)
        expected.removeAll { $0.number <= number }
    }

    private static func keep<Element>(_ element: Element, in list: inout [Element]) {
        list.append(element)
        if list.count > mostKept { list.removeFirst(list.count - mostKept) }
    }
}
