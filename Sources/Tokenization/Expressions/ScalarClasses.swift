/// Which scalars an expression cannot tell apart, as a table to look a scalar's class up in.
struct ScalarClasses: Sendable {
    /// Which sets the scalars of each class are in: bit i for set i.
    let members: [UInt64]
    /// Where in `classes` each block of 256 scalars begins; equal blocks are kept once.
    let blocks: [UInt32]
    /// A class a scalar, ASCII first.
    let classes: [UInt8]

    /// Sorts all scalars into classes.
    ///
    /// - Throws: Where one byte does not number the classes.
    init(_ sets: [ScalarSet]) throws(SplitSyntax.Unsupported) {
        var numbers: [UInt64: UInt8] = [:]
        var members: [UInt64] = []
        var builder = BlockBuilder()
        let ranges = Self.ranges(sets)
        for (index, range) in ranges.enumerated() {
            if numbers[range.members] == nil {
                guard members.count < 255 else {
                    throw SplitSyntax.Unsupported(description: "more than 255 kinds of characters")
                }
                numbers[range.members] = UInt8(members.count)
                members.append(range.members)
            }
            let isLast = index + 1 == ranges.count
            let end = isLast ? Int(ScalarSet.last) + 1 : ranges[index + 1].start
            builder.append(numbers[range.members] ?? 0, count: end - range.start)
        }
        self.members = members
        (blocks, classes) = (builder.blocks, builder.classes)
    }

    /// Where the membership in any set changes, ascending from 0, and what it is from there on.
    private static func ranges(_ sets: [ScalarSet]) -> [(start: Int, members: UInt64)] {
        var changes: [(place: Int, set: UInt64)] = [(0, 0)]
        for (index, set) in sets.enumerated() {
            for range in set.ranges {
                changes.append((Int(range.lowerBound), 1 << UInt64(index)))
                changes.append((Int(range.upperBound) + 1, 1 << UInt64(index)))
            }
        }
        changes.sort { $0.place < $1.place }
        var result: [(start: Int, members: UInt64)] = []
        var members: UInt64 = 0
        for (index, change) in changes.enumerated() where change.place <= ScalarSet.last {
            members ^= change.set
            let isLast = index + 1 == changes.count || changes[index + 1].place > change.place
            if isLast { result.append((change.place, members)) }
        }
        return result
    }

    /// The class of a scalar, by its number.
    func classOf(_ scalar: UInt32) -> UInt8 {
        classes[Int(blocks[Int(scalar >> 8)] + scalar & 0xFF)]
    }
}

/// Cuts a row of classes into blocks and keeps equal ones once.
private struct BlockBuilder {
    private(set) var blocks: [UInt32] = []
    private(set) var classes: [UInt8] = []
    private var known: [[UInt8]: UInt32] = [:]
    /// Where the block is that holds nothing but a class.
    private var uniform: [UInt8: UInt32] = [:]
    private var current: [UInt8] = []

    mutating func append(_ number: UInt8, count: Int) {
        var rest = count
        while rest > 0 {
            if current.isEmpty, rest >= 256 {
                let place = uniform[number] ?? place(of: [UInt8](repeating: number, count: 256))
                uniform[number] = place
                blocks.append(place)
                rest -= 256
                continue
            }
            let part = min(rest, 256 - current.count)
            current += repeatElement(number, count: part)
            rest -= part
            guard current.count == 256 else { continue }
            blocks.append(place(of: current))
            current = []
        }
    }

    private mutating func place(of block: [UInt8]) -> UInt32 {
        if let place = known[block] { return place }
        let place = UInt32(classes.count)
        known[block] = place
        classes += block
        return place
    }
}
