package import ModelLoading
package import Tensor

/// From pixels to the features of a picture's places, and to those of the whole picture.
package protocol VisionTower: Sendable {
    /// Pixel values [3, size, size] to features.
    ///
    /// - Parameters:
    ///   - pictures: Pixel values of each picture.
    ///   - pooling: Whether the whole picture's features are wanted as well.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the features of each.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    /// - Precondition: `pooling` only where `canPool`.
    func callAsFunction(
        _ pictures: [[Float]], pooling: Bool, shouldStop: StopCheck
    ) throws -> [VisionFeatures]

    /// Whether everything is loaded that the whole picture's features take.
    var canPool: Bool { get }
}

/// What a vision tower makes of a picture.
package struct VisionFeatures: Sendable {
    /// [places, width], with a class token's in front where the model keeps it.
    package let places: Matrix
    /// What `visual_projection` acts on, [1, pooled width]; nil where it was not wanted.
    package let pooled: Matrix?
}
