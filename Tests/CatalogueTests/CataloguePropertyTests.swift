import Testing

/// Random sequences of everything that can happen, against the plain model of it.
@Suite struct CataloguePropertyTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func agreesWithThePlainModelAfterEveryStep(seed: UInt64) throws {
        var world = try CatalogueWorld(seed: seed)
        for step in 0..<1000 {
            try world.step()
            try world.compare("seed \(seed), step \(step)")
        }
        #expect(world.completions > 5)
        #expect(world.waits > 0)
        #expect(world.replacements > 0)
    }
}
