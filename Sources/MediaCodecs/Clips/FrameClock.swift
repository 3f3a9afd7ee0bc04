/// Puts a clip's frames on a time that starts at 0 and only moves forward.
///
/// Timestamps come from the file. Missing ones continue the last; a jump backward or far ahead is a
/// break in the recording, after which time goes on without the jump, so that a flipped bit cannot
/// turn ten seconds into hours.
struct FrameClock {
    /// Seconds by which a timestamp may jump ahead; pictures in a slide show stand that long.
    private static let maximumGap = 600.0

    /// Seconds for which a frame is shown unless the file says otherwise.
    let frameDuration: Double
    /// The timestamp of time 0, in seconds; moves at breaks, and is `nil` before the first frame.
    private(set) var origin: Double?
    /// Whether time is still the file's own, so that it can be sought.
    private(set) var isUnbroken = true
    private var last = 0.0

    init(frameDuration: Double) {
        self.frameDuration = frameDuration
    }

    /// The time of the next frame, whose timestamp is `stamp` seconds if it has one.
    mutating func time(of stamp: Double?) -> Double {
        guard let stamp else {
            isUnbroken = false
            guard origin != nil else {
                origin = 0
                return 0
            }
            last += frameDuration
            return last
        }
        guard let origin else {
            self.origin = stamp
            return 0
        }
        let time = stamp - origin
        if time < last || time > last + Self.maximumGap {
            isUnbroken = false
            last += frameDuration
            self.origin = stamp - last
        } else {
            last = time
        }
        return last
    }

    /// Lets the next frame be any up to ten minutes ahead of `time`, earlier ones than the last included.
    mutating func move(to time: Double) {
        last = max(time, 0)
    }
}
