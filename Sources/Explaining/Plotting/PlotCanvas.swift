import Imaging

/// A place on a drawing, in its units from the upper left corner.
struct PlotPoint: Equatable {
    var x: Double
    var y: Double
}

/// What plots are drawn on.
protocol PlotCanvas {
    /// Draws a line through points.
    ///
    /// - Parameters:
    ///   - points: At least one.
    ///   - colour: Its colour.
    ///   - width: How thick it is.
    ///   - dash: How long it is drawn and left out in turn; nothing for a whole line.
    mutating func line(
        _ points: [PlotPoint], _ colour: RGBColour, width: Double, dash: [Double])
    /// Draws a disc.
    mutating func dot(_ centre: PlotPoint, _ colour: RGBColour, radius: Double)
    /// Writes a text that begins at, ends at or is centred on a place of its line.
    mutating func text(_ text: String, at place: PlotPoint, _ anchor: TextAnchor)
}

/// Which part of a text stands at its place.
enum TextAnchor: String {
    case start
    case middle
    case end
}
