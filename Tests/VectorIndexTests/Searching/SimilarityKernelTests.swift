import CKernels
import TestSupport
import Testing

/// The loops of every instruction set against plain ones.
@Suite struct SimilarityKernelTests {
    private let levels = (0..<VK_LEVELS).map { vk_level(Int32($0)) }.filter {
        vk_level_runs($0) == 1
    }

    private func with<Result>(_ level: vk_level, _ body: () throws -> Result) rethrows -> Result {
        vk_force_level(level)
        defer { vk_force_level(VK_UNFORCED) }
        return try body()
    }

    @Test func checkIsCRC32C() {
        for level in levels {
            with(level) {
                // The check value of the Castagnoli polynomial, and RFC 3720's example.
                #expect(vk_crc32c(0, "123456789", 9) == 0xE306_9283)
                #expect(vk_crc32c(0, [UInt8](repeating: 0, count: 32), 32) == 0x8A91_36AA)
                #expect(vk_crc32c(vk_crc32c(0, "1234", 4), "56789", 5) == 0xE306_9283)
            }
        }
    }

    @Test func estimatesAreTheSumsOfSignsAndRoundedNumbers() {
        var random = SeededGenerator(seed: 1)
        for dimension in [1, 63, 64, 65, 200, 768] {
            let words = vk_sign_words(dimension)
            let count = 16
            let signs = (0..<count * words).map { _ in random.next() }
            let factors = (0..<count).map { _ in Float.random(in: 0...2, using: &random) }
            let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
            let centre = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
            let spread = [Float](repeating: 0.5, count: dimension)
            var planes = [UInt64](repeating: 0, count: words * Int(VK_SIGN_PLANES))
            planes.withUnsafeMutableBufferPointer { planes in
                var prepared = vk_sign_query()
                prepared.planes = planes.baseAddress
                vk_prepare_sign_query(query, centre, spread, dimension, &prepared)
                let rounded = (0..<dimension).map { i in
                    (0..<4).reduce(0) { sum, p in
                        let bit = Int(planes[i / 64 * 4 + p] >> UInt64(i % 64) & 1)
                        return sum + (p == 3 ? -8 : 1 << p) * bit
                    }
                }
                for (number, q) in zip(rounded, query) where abs(number) < 7 {
                    #expect(abs(Float(number) * prepared.step - q * 0.5) <= prepared.step * 0.51)
                }
                let offset = zip(query, centre).reduce(0) { $0 + Double($1.0 * $1.1) }
                for level in levels {
                    var estimates = [Float](repeating: 0, count: count)
                    with(level) {
                        vk_estimate_products(
                            &prepared, signs, factors, count, words, &estimates)
                    }
                    for row in 0..<count {
                        let sum = (0..<dimension).reduce(0) { sum, i in
                            let word = signs[row / 8 * words * 8 + i / 64 * 8 + row % 8]
                            return sum + (word >> UInt64(i % 64) & 1 == 1 ? 1 : -1) * rounded[i]
                        }
                        let expected =
                            offset + Double(factors[row]) * Double(prepared.step) * Double(sum)
                        #expect(abs(Double(estimates[row]) - expected) < 1e-3)
                    }
                }
            }
        }
    }

    @Test func mixingChangesNoProductAndSpreadsWhatStandsOut() {
        var random = SeededGenerator(seed: 3)
        for dimension in [1, 2, 3, 40, 64, 100, 768, 4096] {
            var (x, y) = ([Float](), [Float]())
            for _ in 0..<dimension {
                x.append(Float.random(in: -1...1, using: &random))
                y.append(Float.random(in: -1...1, using: &random))
            }
            let before = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            vk_mix(&x, dimension)
            vk_mix(&y, dimension)
            let after = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(before - after) < 1e-3 * Double(dimension).squareRoot())
            var lone = [Float](repeating: 0, count: dimension)
            lone[dimension / 2] = 1
            vk_mix(&lone, dimension)
            let largest = lone.reduce(0) { max($0, abs($1)) }
            if dimension >= 64 { #expect(largest < 0.5) }
        }
    }

    @Test func productsAreExactAndDamagedRowsAreFound() {
        var random = SeededGenerator(seed: 2)
        for dimension in [1, 3, 64, 100, 768, 1025] {
            let (count, stride) = (9, vk_record_bytes(dimension))
            let assets = (0..<Int64(count)).map { $0 * 3 }
            let seconds = (0..<Int32(count)).map { $0 - 1 }
            let query = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
            var records = (0..<count * stride).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            let scale: Float = 0.25
            for row in 0..<count {
                records.withUnsafeMutableBytes { bytes in
                    for i in dimension..<stride { bytes[row * stride + i] = 0 }
                    bytes.storeBytes(
                        of: scale, toByteOffset: (row + 1) * stride - 8, as: Float.self)
                    vk_seal_record(
                        bytes.baseAddress.map {
                            ($0 + row * stride).assumingMemoryBound(to: UInt8.self)
                        }, dimension, assets[row], seconds[row])
                }
            }
            let places: [UInt32] = [108, 100, 103, 103]
            for level in levels {
                var scores = [Float](repeating: 0, count: places.count)
                var whole = 0
                var damagedAt = 0
                with(level) {
                    whole = score(records, assets, seconds, dimension, places, query, &scores)
                    var damaged = records
                    damaged[3 * stride] ^= 1
                    damagedAt = score(damaged, assets, seconds, dimension, places, query, &scores)
                }
                #expect(whole == places.count)
                #expect(damagedAt == 2)
                for (place, found) in zip(places, scores) {
                    let row = Int(place - 100)
                    let expected = (0..<dimension).reduce(0.0) {
                        $0 + Double(Int8(bitPattern: records[row * stride + $1]))
                            * Double(query[$1])
                    }
                    #expect(abs(Double(found) - expected * 0.25) < 1e-2)
                }
            }
        }
    }

    private func score(
        _ records: [UInt8], _ assets: [Int64], _ seconds: [Int32], _ dimension: Int,
        _ places: [UInt32], _ query: [Float], _ scores: inout [Float]
    ) -> Int {
        records.withUnsafeBufferPointer { records in
            assets.withUnsafeBufferPointer { assets in
                seconds.withUnsafeBufferPointer { seconds in
                    var vectors = vk_vectors(
                        records: records.baseAddress, assets: assets.baseAddress,
                        seconds: seconds.baseAddress, dimension: dimension,
                        stride: vk_record_bytes(dimension))
                    return vk_score_vectors(&vectors, places, places.count, 100, query, &scores)
                }
            }
        }
    }

    @Test func placesBetweenAreThoseInTheRange() {
        let x: [Float] = [1, -.infinity, 3, 2, .nan, 2.5, 4]
        var places = [UInt32](repeating: 0, count: x.count)
        #expect(vk_places_between(x, x.count, 2, 3, 10, &places) == 2)
        #expect(places.prefix(2) == [13, 15])
    }
}
