import Foundation
public import SystemPackage

/// The processors that this process may use, and how many of them serve to compute on.
///
/// A container or a unit may allow a process fewer processors than the machine has, or a part of their time; and in
/// many a desktop and Arm board some processors are half as quick as the others. A product of matrices is done when its
/// slowest share is, so that threads beyond what is allowed, or on slow processors, make it take longer.
public struct Processors: Equatable, Sendable {
    /// Those that the scheduler may run the process on, in order.
    public let allowed: [Int]
    /// The quick ones of these; all, where they are alike or nothing is known.
    public let quick: [Int]
    /// How many processors' time the process's control groups allow it, `nil` without a limit.
    public let quota: Double?

    /// Describes processors.
    public init(allowed: [Int], quick: [Int], quota: Double? = nil) {
        (self.allowed, self.quick, self.quota) = (allowed, quick, quota)
    }

    /// Those of this process as they are now.
    ///
    /// - Parameter root: Where the system's folders `proc` and `sys` are.
    public init(root: FilePath = "/") {
        let count = ProcessInfo.processInfo.processorCount
        let allowed = ProcessorAffinity.ofThisProcess() ?? Array(0..<count)
        self.init(allowed: allowed, root: root)
    }

    init(allowed: [Int], root: FilePath) {
        self.init(
            allowed: allowed, quick: ProcessorKinds(root: root).quick(of: allowed),
            quota: ProcessorQuota(root: root).processors)
    }

    /// How many threads compute best, at least one: one for each quick processor, and none that the quota does not pay.
    ///
    /// A part of a processor counts as a whole one: a group that has used up its time stops whole, so that no thread
    /// waits for another.
    public var count: Int {
        let paid = quota.map { Int(min($0.rounded(.up), Double(quick.count))) } ?? quick.count
        return max(min(paid, quick.count), 1)
    }

    /// Those that threads should be kept to; `nil` where there is no reason to.
    public var preferred: [Int]? { quick.count < allowed.count ? quick : nil }

    /// For people: how many there are, and what keeps some of them from being used.
    public var summary: String {
        var text = "\(allowed.count) processor\(allowed.count == 1 ? "" : "s")"
        if preferred != nil { text += " (\(quick.count) quick)" }
        if let quota, quota < Double(allowed.count) {
            // One digit tells half a processor from none.
            let time = (quota * 10).rounded() / 10
            text += ", of which the control group allows the time of \(time)"
        }
        return text
    }

    /// Those of this process when it was first asked for.
    public static let current = Processors()
}
