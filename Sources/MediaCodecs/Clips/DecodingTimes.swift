/// Gives frames their times in a container that only knows when packets are decoded, as AVI does.
///
/// A decoder takes packets in one order and shows frames in another, but as many by a certain moment:
/// the frame that is shown next has the earliest time that is not taken yet. A stream whose frames come
/// in the same order keeps its times.
struct DecodingTimes {
    /// Packets that a decoder may hold back before their frames come; older ones gave none.
    private static let mostHeld = 20

    /// Times that no frame has taken, the earliest first, with their packets' numbers.
    private var free: [(stamp: Int64, number: Int)] = []

    /// Forgets everything, after a jump.
    mutating func restart() {
        free = []
    }

    /// Notes a packet that goes to the decoder.
    mutating func add(_ stamp: Int64?, number: Int) {
        guard let stamp else { return }
        // Frames of damaged files may never come; the list stays short whatever they do.
        if free.count > Self.mostHeld * 4 { free.removeFirst() }
        let place = free.firstIndex { $0.stamp > stamp } ?? free.count
        free.insert((stamp, number), at: place)
    }

    /// Forgets a packet that gives no frame.
    mutating func remove(number: Int) {
        free.removeAll { $0.number == number }
    }

    /// The time of the next frame, which came from the packet of that number.
    mutating func next(number: Int?) -> Int64? {
        if let number { free.removeAll { $0.number < number - Self.mostHeld } }
        return free.isEmpty ? nil : free.removeFirst().stamp
    }
}
