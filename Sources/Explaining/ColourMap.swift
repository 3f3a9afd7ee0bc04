import Foundation
public import Imaging

/// Colours for shares from 0 to 1, dark to light.
///
/// From dark blue over grey to yellow: read alike by people who confuse red and green, and still in order when printed
/// in greys, since lightness rises evenly.
public enum ColourMap {
    /// Colours at equal distances, with lightness (L* of CIELAB) from 12 to 92 in even steps.
    private static let stops: [(red: Double, green: Double, blue: Double)] = [
        (0, 32, 76), (40, 62, 108), (83, 92, 109), (124, 123, 120), (165, 155, 115), (210, 190, 96),
        (255, 230, 68),
    ]

    /// The colour of a share as CSS and SVG write it.
    public static func hexadecimal(_ share: Double) -> String {
        let colour = colour(share)
        return String(format: "#%02x%02x%02x", colour.red, colour.green, colour.blue)
    }

    /// The colour of a share; what lies outside of 0 … 1 has that of the nearer end.
    public static func colour(_ share: Double) -> RGBColour {
        let place = min(max(share.isFinite ? share : 0, 0), 1) * Double(stops.count - 1)
        let lower = min(Int(place), stops.count - 2)
        let part = place - Double(lower)
        func mixed(_ channel: KeyPath<(red: Double, green: Double, blue: Double), Double>) -> UInt8
        {
            let (from, to) = (stops[lower][keyPath: channel], stops[lower + 1][keyPath: channel])
            return UInt8((from + (to - from) * part).rounded())
        }
        return RGBColour(red: mixed(\.red), green: mixed(\.green), blue: mixed(\.blue))
    }
}
