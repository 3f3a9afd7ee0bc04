/// A parsed expression as instructions for a machine that follows several ways at once.
///
/// Thompson's construction ("Regular Expression Search Algorithm", CACM 1968) with ordered ways, so
/// that of several matches the one counts that a backtracking engine finds first (Cox, "Regular
/// Expression Matching: the Virtual Machine Approach", 2009).
struct SplitProgram: Sendable {
    enum Instruction: Equatable, Sendable {
        /// Takes one scalar of the set of that index.
        case take(set: Int, next: Int)
        /// Goes on where the next scalar is in the set, or is not; takes nothing.
        case look(set: Int, isNegated: Bool, next: Int)
        /// Two ways, the better one first.
        case fork(first: Int, second: Int)
        case match
    }

    /// Room for any tokenizer's expression; bounds what `{1000}` within `{1000}` can cost.
    static let maximumLength = 2000
    /// One bit a set in `ScalarClasses`.
    static let maximumSets = 64

    private(set) var instructions: [Instruction] = [.match]
    private(set) var sets: [ScalarSet] = []
    /// Where to begin.
    private(set) var start = 0
    private var indices: [ScalarSet: Int] = [:]

    init(_ syntax: SplitSyntax) throws(SplitSyntax.Unsupported) {
        start = try emit(syntax, next: 0)
    }

    /// Writes what matches the syntax and goes on at `next`.
    ///
    /// - Returns: Where it begins.
    private mutating func emit(
        _ syntax: SplitSyntax, next: Int
    ) throws(SplitSyntax.Unsupported) -> Int {
        switch syntax {
        case .scalar(let set):
            return try append(.take(set: try index(of: set), next: next))
        case .lookahead(let set, let isNegated):
            return try append(.look(set: try index(of: set), isNegated: isNegated, next: next))
        case .sequence(let parts):
            var start = next
            for part in parts.reversed() { start = try emit(part, next: start) }
            return start
        case .alternatives(let parts):
            var start: Int?
            for part in parts.reversed() {
                let entry = try emit(part, next: next)
                start =
                    try start.map { (rest) throws(SplitSyntax.Unsupported) in
                        try append(.fork(first: entry, second: rest))
                    } ?? entry
            }
            return start ?? next
        case .repetition(let body, let minimum, let maximum, let isLazy):
            var start = try emitOptional(body, maximum.map { $0 - minimum }, isLazy, next)
            for _ in 0..<minimum { start = try emit(body, next: start) }
            return start
        }
    }

    /// Writes up to `count` repetitions, or a loop.
    private mutating func emitOptional(
        _ body: SplitSyntax, _ count: Int?, _ isLazy: Bool, _ next: Int
    ) throws(SplitSyntax.Unsupported) -> Int {
        guard let count else {
            let loop = try append(.match)
            let entry = try emit(body, next: loop)
            instructions[loop] = Self.fork(entry, next, isLazy)
            return loop
        }
        var start = next
        for _ in 0..<count {
            start = try append(Self.fork(try emit(body, next: start), next, isLazy))
        }
        return start
    }

    private static func fork(_ body: Int, _ exit: Int, _ isLazy: Bool) -> Instruction {
        isLazy ? .fork(first: exit, second: body) : .fork(first: body, second: exit)
    }

    private mutating func append(
        _ instruction: Instruction
    ) throws(SplitSyntax.Unsupported) -> Int {
        guard instructions.count < Self.maximumLength else {
            throw SplitSyntax.Unsupported(description: "more than \(Self.maximumLength) steps")
        }
        instructions.append(instruction)
        return instructions.count - 1
    }

    private mutating func index(of set: ScalarSet) throws(SplitSyntax.Unsupported) -> Int {
        if let index = indices[set] { return index }
        guard sets.count < Self.maximumSets else {
            throw SplitSyntax.Unsupported(description: "more than \(Self.maximumSets) classes")
        }
        sets.append(set)
        indices[set] = sets.count - 1
        return sets.count - 1
    }
}
