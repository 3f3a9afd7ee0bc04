/// An expression as a table of states: one look-up a character, and never a step back.
///
/// A state is the ordered list of ways that the program could go on with. A transition looks at the
/// next scalar's class and says whether a match ends before that scalar, and which state follows it.
struct SplitAutomaton: Sendable {
    /// Bounds the table, which is states × classes.
    private static let maximumStates = 1000
    /// Bounds the time that a hostile expression takes to prepare.
    private static let maximumWork = 500_000

    /// The state that nothing leads on from.
    static let dead: UInt16 = 0
    /// The state before the first scalar.
    static let initial: UInt16 = 1

    let classes: ScalarClasses
    /// State × class → twice the next state, plus one where a match ends here.
    let transitions: [UInt16]
    /// Classes and, as the last of each row, the end of the text.
    let rowLength: Int

    /// Prepares an expression.
    ///
    /// - Throws: Where the expression is outside this engine's grammar or bounds.
    init(pattern: String) throws(SplitSyntax.Unsupported) {
        let program = try SplitProgram(try SplitParser.parse(pattern))
        classes = try ScalarClasses(program.sets)
        rowLength = classes.members.count + 1
        transitions = try Self.table(program, classes.members)
    }

    private static func table(
        _ program: SplitProgram, _ members: [UInt64]
    ) throws(SplitSyntax.Unsupported) -> [UInt16] {
        var numbers: [[Int]: UInt16] = [[]: dead, [program.start]: initial]
        var states: [[Int]] = [[], [program.start]]
        var table: [UInt16] = []
        var follower = SplitFollower(program)
        var index = 0
        while index < states.count {
            // The last column: the end is in no set, as no scalar takes the place.
            for sets in members + [0] {
                let step = follower.step(states[index], sets)
                if numbers[step.ways] == nil {
                    guard states.count < maximumStates, follower.work < maximumWork else {
                        throw SplitSyntax.Unsupported(description: "more states than make sense")
                    }
                    numbers[step.ways] = UInt16(states.count)
                    states.append(step.ways)
                }
                table.append((numbers[step.ways] ?? dead) << 1 | (step.isMatch ? 1 : 0))
            }
            index += 1
        }
        return table
    }
}

/// Follows all ways through a program at once.
private struct SplitFollower {
    private let program: SplitProgram
    /// The step in which an instruction was last reached: only its best way counts.
    private var reached: [Int]
    private var taken: [Int]
    private var now = 0
    /// Instructions looked at so far.
    private(set) var work = 0

    init(_ program: SplitProgram) {
        self.program = program
        reached = [Int](repeating: 0, count: program.instructions.count)
        taken = reached
    }

    /// Where ways lead by a scalar that is in `sets`; ways behind a match are cut off.
    mutating func step(_ ways: [Int], _ sets: UInt64) -> (ways: [Int], isMatch: Bool) {
        now += 1
        var result: [Int] = []
        var waiting = Array(ways.reversed())
        while let index = waiting.popLast() {
            work += 1
            guard reached[index] != now else { continue }
            reached[index] = now
            switch program.instructions[index] {
            case .match:
                return (result, true)
            case .fork(let first, let second):
                waiting.append(second)
                waiting.append(first)
            case .look(let set, let isNegated, let next):
                if (sets >> UInt64(set) & 1 == 1) != isNegated { waiting.append(next) }
            case .take(let set, let next):
                guard sets >> UInt64(set) & 1 == 1, taken[next] != now else { continue }
                taken[next] = now
                result.append(next)
            }
        }
        return (result, false)
    }
}
