import ModelLoading

/// The shape of CLIP's vision transformer, from its `config.json`, and what a model takes from it.
public struct CLIPVisionConfiguration: VisionShape {
    /// The layers' shape, of all that the tower has; not all are used.
    public let stack: CLIPStack
    /// Layers that run before the features are taken, from `mm_vision_select_layer`.
    public let usedLayers: Int
    /// `image_size`: edge of the square input in pixels.
    public let imageSize: Int
    /// `patch_size`: edge of a patch in pixels.
    public let patchSize: Int
    /// `mm_vision_select_feature` is `cls_patch`: the features begin with the class token's.
    public let keepsClassToken: Bool

    /// Numbers in a patch's features.
    public var width: Int { stack.width }
    /// Numbers in a picture's pooled features: the class token's.
    public var pooledWidth: Int { stack.width }
    /// All of them: they are the class token's.
    public var meanWidth: Int { stack.width }
    /// Layers that the tower has.
    public var layers: Int { stack.layers }
    /// Patches along an edge.
    public var grid: Int { imageSize / patchSize }

    /// Patches along an edge that memory and patience allow.
    private static let largestGrid = 128

    /// Reads the shape; keys that are absent have the defaults of Hugging Face's CLIP.
    ///
    /// - Parameters:
    ///   - tower: The tower's `config.json`, of the vision model alone or of a whole CLIP.
    ///   - selection: What is taken of the features.
    /// - Throws: `ModelError` naming file and key.
    init(tower: ConfigurationFile, selection: FeatureSelection) throws(ModelError) {
        let file = try tower.object("vision_config") ?? tower
        stack = try CLIPStack(file, defaults: .vision)
        imageSize = try file.integer("image_size", in: 1...4096, default: 224)
        patchSize = try file.integer("patch_size", in: 1...imageSize, default: 32)
        guard imageSize / patchSize <= Self.largestGrid else {
            throw file.wrong(
                "patch_size", "is \(patchSize), too many patches for 'image_size' \(imageSize)")
        }
        _ = try file.integer("num_channels", in: 3...3, default: 3)
        usedLayers = try selection.usedLayers(of: stack.layers)
        keepsClassToken = try selection.keepsClassToken()
    }

    /// Of the linear layers that run, for one picture.
    var multiplyAdds: Double {
        Double(grid * grid + 1) * Double(usedLayers * stack.multiplyAddsPerLayer)
    }
}
