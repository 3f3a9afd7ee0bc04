import Testing

@testable import Web

@Suite struct HostListTests {
    @Test func aServerAtAnAddressOfTheNetworkIsKnownByThatToo() {
        let hosts = HostList(ListenAddress("192.168.1.4:8417"))
        #expect(hosts.allows("192.168.1.4:8417", port: 8417))
        #expect(hosts.allows("localhost:8417", port: 8417))
        #expect(!hosts.allows("192.168.1.5:8417", port: 8417))
    }

    @Test func allAddressesAreNoName() {
        let hosts = HostList(ListenAddress("0.0.0.0:8417"))
        #expect(!hosts.allows("0.0.0.0:8417", port: 8417))
        #expect(!hosts.allows("192.168.1.4:8417", port: 8417))
    }

    @Test func theUsualPortMayBeLeftOut() {
        #expect(HostList(nil).allows("localhost", port: 80))
        #expect(!HostList(nil).allows("localhost", port: 8417))
    }
}
