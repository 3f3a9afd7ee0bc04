/// Pearson's correlation of pairs of numbers; 0 where one of both is constant.
struct Correlation {
    private var count: Float = 0
    private var sums = SIMD2<Float>.zero
    private var squares = SIMD2<Float>.zero
    private var products: Float = 0

    /// Adds a pair.
    ///
    /// The numbers should be around 0, so that no digits are lost.
    mutating func add(_ one: Float, _ other: Float) {
        let pair = SIMD2(one, other)
        count += 1
        sums += pair
        squares += pair * pair
        products += one * other
    }

    /// From -1 to 1.
    var value: Float {
        let variances = squares - sums * sums / count
        guard count > 1, variances.x > 0.001 * count, variances.y > 0.001 * count else { return 0 }
        return (products - sums.x * sums.y / count) / (variances.x * variances.y).squareRoot()
    }
}
