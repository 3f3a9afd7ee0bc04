import SystemPackage

/// Tells quick processors from slow ones by what the kernel says of them.
struct ProcessorKinds {
    /// Where the system's folder `sys` is.
    let root: FilePath

    /// The part of the quickest one's capacity from which on a processor counts as quick.
    ///
    /// Arm's middle cores have 0.75 of the large ones' and more, its small ones 0.5 and less.
    private static let least = 0.7
    /// Kinds of processors that Intel's hybrid ones name apart from their quick ones, by the folder of each kind's counters.
    private static let slowKinds = ["cpu_atom", "cpu_lowpower"]

    /// The quick ones of some processors; all of them where none is known to be quicker.
    func quick(of processors: [Int]) -> [Int] {
        let slow = Self.slowKinds.reduce(into: Set<Int>()) { slow, kind in
            let list = SystemText.read(root.appending("sys/devices/\(kind)/cpus"))
            slow.formUnion(list.flatMap { ProcessorList.numbers($0) } ?? [])
        }
        let named = processors.filter { !slow.contains($0) }
        let candidates = named.isEmpty ? processors : named
        let capacities = candidates.map(capacity)
        let known = capacities.compactMap(\.self)
        // Where one of them is not known there is nothing to compare.
        guard known.count == candidates.count, let most = known.max() else { return candidates }
        return zip(candidates, known).filter { $0.1 >= Self.least * most }.map(\.0)
    }

    /// What it does beside the quickest one's 1024, by the kernel (Documentation/scheduler/sched-capacity.rst).
    private func capacity(_ processor: Int) -> Double? {
        let path = root.appending("sys/devices/system/cpu/cpu\(processor)/cpu_capacity")
        return SystemText.read(path).flatMap { Double($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
