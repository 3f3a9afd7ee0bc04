/// How one picture lies in another, and how its light is the other's (Lucas and Kanade, 1981).
struct Alignment {
    /// Where the second's places lie in the first.
    private(set) var map = AffineMap()
    /// The second's light is `gain` times the first's and `offset`.
    private var gain: Float = 1
    private var offset: Float = 0

    /// - Parameter scale: the size of the second's part in the first to start with.
    init(scale: Float) {
        map.xx = scale
        map.yy = scale
    }

    /// Finds the map step by step, from the one at hand.
    ///
    /// - Parameters:
    ///   - first: a grid of the one picture.
    ///   - second: laid over the first; of the same edge.
    ///   - ordinaryError: an error of light, of 255, beyond which a cell counts less: what moved, or what is lost
    ///     in highlights, does not tell how the picture lies.
    ///   - isFirst: whether nothing is known yet, so that the first step takes all cells alike.
    mutating func refine(_ first: Plane, _ second: Plane, ordinaryError: Float, isFirst: Bool) {
        for step in 0..<5 {
            let bound = isFirst && step == 0 ? 1000 : ordinaryError
            guard let change = change(first, second, bound) else { return }
            map = map.stepped(by: change)
            gain += change[6]
            offset += change[7]
            if (0..<6).allSatisfy({ abs(change[$0]) < 0.0003 }) { return }
        }
    }

    /// Takes the first's light for the second's already.
    mutating func forgetTone() {
        (gain, offset) = (1, 0)
    }

    /// One step of Gauss and Newton: for the six of the map, gain and offset.
    private func change(
        _ first: Plane, _ second: Plane, _ ordinaryError: Float
    ) -> [Float]? {
        var equations = NormalEquations(
            aligning: second, to: first, map, gain: gain, offset: offset,
            ordinaryError: ordinaryError)
        // Where a picture has no slopes in a direction, nothing tells how it lies: then as if unchanged.
        let near = [1 - map.xx, -map.xy, -map.x0, -map.yx, 1 - map.yy, -map.y0]
        for (index, value) in near.enumerated() {
            let isSlant = index == 1 || index == 3
            equations.add(unknown: index, near: value, weight: isSlant ? 40_000 : 1_000)
        }
        equations.add(unknown: 6, near: 1 - gain, weight: 10)
        return equations.solved()
    }
}
