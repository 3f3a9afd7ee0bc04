import SystemPackage

/// How much of the processors' time the control groups of this process allow it.
///
/// Sources: Documentation/admin-guide/cgroup-v2.rst (`cpu.max`), Documentation/scheduler/sched-bwc.rst
/// (`cpu.cfs_quota_us`), cgroups(7) for `/proc/self/cgroup`.
struct ProcessorQuota {
    /// Where the system's folders `proc` and `sys` are.
    let root: FilePath

    /// So deep are groups looked at; deeper ones are nobody's.
    private static let mostLevels = 64

    /// How many processors' time may be used, by the narrowest of the group's own limit and those above it; `nil` without
    /// any.
    var processors: Double? {
        let groups = SystemText.read(root.appending("proc/self/cgroup")) ?? ""
        return groups.split(separator: "\n").flatMap(limits).min()
    }

    /// The limits along the group of a line `number:controllers:path`.
    private func limits(_ line: Substring) -> [Double] {
        let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return [] }
        let path = FilePath(String(parts[2]))
        if parts[1].isEmpty {
            return levels(of: path, below: "sys/fs/cgroup", Self.unified)
                + levels(of: path, below: "sys/fs/cgroup/unified", Self.unified)
        }
        guard parts[1].split(separator: ",").contains("cpu") else { return [] }
        return levels(of: path, below: "sys/fs/cgroup/\(parts[1])", Self.former)
            + levels(of: path, below: "sys/fs/cgroup/cpu", Self.former)
    }

    /// A group's limit and those of the groups that it lies in, as far as they can be seen.
    ///
    /// A container often sees its own group at the top, under whatever path.
    private func levels(
        of group: FilePath, below folder: String, _ limit: (FilePath) -> Double?
    ) -> [Double] {
        let top = root.appending(folder)
        let components = group.lexicallyNormalized().components.filter { $0.kind == .regular }
        var place = top
        var found = [limit(place)]
        for component in components.prefix(Self.mostLevels) {
            place.append(component)
            found.append(limit(place))
        }
        return found.compactMap(\.self)
    }

    /// `cpu.max`: microseconds that may be used of each period, or `max`, and the period.
    private static func unified(_ group: FilePath) -> Double? {
        let numbers = SystemText.read(group.appending("cpu.max"))?.split(separator: " ")
        guard let numbers, numbers.count == 2 else { return nil }
        return quotient(String(numbers[0]), String(numbers[1]))
    }

    /// The same of the first version, in two files; below nothing is no limit.
    private static func former(_ group: FilePath) -> Double? {
        guard let quota = SystemText.read(group.appending("cpu.cfs_quota_us")),
            let period = SystemText.read(group.appending("cpu.cfs_period_us"))
        else { return nil }
        return quotient(quota, period)
    }

    private static func quotient(_ quota: String, _ period: String) -> Double? {
        guard let quota = Int64(quota), let period = Int64(period), quota > 0, period > 0 else {
            return nil
        }
        return Double(quota) / Double(period)
    }
}
