import Testing

@testable import Processors

@Suite struct ProcessorQuotaTests {
    private func quota(_ files: [String: String]) throws -> Double? {
        try SystemTree(files).read { ProcessorQuota(root: $0).processors }
    }

    @Test func withoutALimitThereIsNone() throws {
        #expect(try quota([:]) == nil)
        #expect(
            try quota([
                "proc/self/cgroup": "0::/user.slice",
                "sys/fs/cgroup/user.slice/cpu.max": "max 100000",
            ]) == nil)
    }

    @Test func theNarrowestGroupCounts() throws {
        let files = [
            "proc/self/cgroup": "0::/system.slice/vignette.service",
            "sys/fs/cgroup/system.slice/cpu.max": "150000 100000",
            "sys/fs/cgroup/system.slice/vignette.service/cpu.max": "200000 100000",
        ]
        #expect(try quota(files) == 1.5)
    }

    @Test func aContainerSeesItsOwnGroupAtTheTop() throws {
        #expect(
            try quota(["proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "50000 100000"]) == 0.5)
        let former = [
            "proc/self/cgroup": "5:cpu,cpuacct:/docker/0123\n0::/docker/0123",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "300000",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
        ]
        #expect(try quota(former) == 3)
    }

    @Test func theFirstVersionsGroupsCount() throws {
        let files = [
            "proc/self/cgroup": "3:memory:/a\n2:cpu:/a/b",
            "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us": "25000",
            "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us": "50000",
            "sys/fs/cgroup/memory/a/cpu.cfs_quota_us": "1",
            "sys/fs/cgroup/memory/a/cpu.cfs_period_us": "100000",
        ]
        #expect(try quota(files) == 0.5)
    }

    @Test(arguments: [
        "nonsense", "0 100000", "-5 100000", "100000 0", "100000", "1 2 3",
        "99999999999999999999 100000", "",
    ])
    func whatIsNoLimitIsNone(text: String) throws {
        #expect(try quota(["proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": text]) == nil)
    }

    @Test(arguments: ["", "0:", "::", "0::../../etc", "0::/\u{0}/a", "x:cpu:"])
    func aLineOfAnotherFormIsPassedOver(line: String) throws {
        #expect(try quota(["proc/self/cgroup": line]) == nil)
    }
}
