import Foundation

/// Numbers of bytes, as people read them.
enum ByteText {
    /// `16.1 GB`, counted in powers of a thousand as disks are.
    static func size(_ bytes: Int64) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        var (value, unit) = (Double(bytes), 0)
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0
            ? "\(bytes) bytes"
            : String(format: value < 99.95 ? "%.1f" : "%.0f", value) + " \(units[unit])"
    }
}
