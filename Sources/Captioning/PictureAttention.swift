public import CLIP
public import Imaging
public import LLaVAMini

/// Where the one token looked: what the compressor's queries paid attention to in a picture.
public struct PictureAttention: Equatable, Sendable {
    /// Patches from left to right.
    public var columns: Int
    /// Patches from above to below.
    public var rows: Int
    /// Where each patch lies in the picture, row by row; what a model pads a picture with lies outside of it.
    public var areas: [PictureArea]
    /// The weight of each patch in each of the compressor's heads, row by row.
    ///
    /// Averaged over the queries where there are several. They add up to 1, or to less where the model gives the
    /// rest to a class token.
    public var heads: [[Float]]

    /// The weights averaged over the heads.
    public var weights: [Float] {
        let share = 1 / Float(max(heads.count, 1))
        return heads.reduce(into: [Float](repeating: 0, count: areas.count)) { sum, head in
            for index in sum.indices { sum[index] += head[index] * share }
        }
    }
}

extension Captioner {
    /// Looks where the model's token of a still looks.
    ///
    /// - Parameters:
    ///   - image: Upright pixels.
    ///   - shouldStop: Asked often.
    /// - Returns: The attention over the picture.
    /// - Throws: `ModelUnavailable`, errors of the model, `CancellationError`.
    public func attention(
        of image: RGBImage, shouldStop: () -> Bool = { false }
    ) throws -> PictureAttention {
        try explain(image, question: nil, shouldStop: shouldStop).token
    }

    /// Looks where the model's token of a clip's frame looks.
    ///
    /// - Parameters:
    ///   - frame: Upright pixels.
    ///   - shouldStop: Asked often.
    /// - Returns: The attention over the frame.
    /// - Throws: As for a still.
    public func attention(
        ofFrame frame: RGBImage, shouldStop: () -> Bool = { false }
    ) throws -> PictureAttention {
        let model = try loaded()
        return PictureAttention(
            try model.encode(frame: frame, shouldStop: shouldStop), areas: model.patchAreasOfFrame()
        )
    }
}

extension PictureAttention {
    /// What an encoded picture knows of its compression.
    init(_ encoded: EncodedImage, areas: [PictureArea]) {
        let edge = Int(Double(areas.count).squareRoot().rounded())
        (columns, rows, self.areas) = (edge, edge, areas)
        heads = encoded.headAttention.map { Self.averaged($0, over: areas.count) }
    }

    /// The mean of the rows of an attention of several queries.
    private static func averaged(_ weights: [Float], over patches: Int) -> [Float] {
        let queries = weights.count / max(patches, 1)
        guard queries > 1 else { return weights }
        return (0..<patches).map { patch in
            (0..<queries).reduce(0) { $0 + weights[$1 * patches + patch] } / Float(queries)
        }
    }
}

/// A picture's attention with that of a question about it.
public struct ExplainedPicture: Sendable {
    /// Where the one token looked.
    public var token: PictureAttention
    /// Where each word of the question looked, in each pre-fusion layer; none where nothing was asked.
    public var words: [QuestionAttention.Word]
}

extension Captioner {
    /// Looks where the model's token of a still looks, and where the words of a question do.
    ///
    /// - Parameters:
    ///   - image: Upright pixels.
    ///   - question: The question, if there is one.
    ///   - shouldStop: Asked often.
    /// - Returns: The attention over the picture.
    /// - Throws: `ModelUnavailable`, errors of the model, `CancellationError`.
    public func explain(
        _ image: RGBImage, question: String?, shouldStop: () -> Bool = { false }
    ) throws -> ExplainedPicture {
        let model = try loaded()
        let encoded = try model.encode(
            image, highResolution: settings.highResolution, shouldStop: shouldStop)
        let areas = model.patchAreas(
            width: image.width, height: image.height, highResolution: settings.highResolution)
        return ExplainedPicture(
            token: PictureAttention(encoded, areas: areas),
            words: try question.map {
                try model.attention(ofQuestion: $0, to: encoded, shouldStop: shouldStop).words
            } ?? [])
    }
}
