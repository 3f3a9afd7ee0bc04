import SystemPackage
import TestSupport
import Testing

@testable import FileSystem

@Suite struct MountTableTests {
    static let text = """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
        30 22 8:17 / /mnt/my\\040disk rw - ext4 /dev/sdb1 rw
        31 22 0:50 /photos /srv/photos rw master:2 - nfs4 host:/photos rw
        32 22 254:0 /home /home ro,nosuid - ext4 /dev/vda1 rw
        33 22 254:0 /data/pictures /home/me/pictures rw - ext4 /dev/vda1 rw
        34 30 8:33 / /mnt/my\\040disk/a\\134b rw - vfat /dev/sdc1 rw

        """

    private func table(_ text: String) -> MountTable {
        MountTable(parsing: Array(text.utf8))
    }

    @Test func readsMountPointsWithTheirEscapes() {
        let table = table(Self.text)
        #expect(table.contains("/"))
        #expect(table.contains("/mnt/my disk"))
        #expect(table.contains("/srv/photos"))
        #expect(table.contains(#"/mnt/my disk/a\b"#))
        #expect(!table.contains("/mnt"))
    }

    @Test func bindMountsThatChangeNothingAreLeftOut() {
        let table = table(Self.text)
        // As systemd's ProtectHome= makes it: /home of the same file system, at /home.
        #expect(!table.contains("/home"))
        #expect(table.contains("/home/me/pictures"))
    }

    @Test func relevantMountsAreThoseAroundAndInsideAFolder() {
        let table = table(Self.text)
        #expect(table.relevant(to: "/mnt/my disk/x") == ["/": 22, "/mnt/my disk": 30])
        #expect(
            Set(table.relevant(to: "/mnt").keys)
                == ["/", "/mnt/my disk", #"/mnt/my disk/a\b"#])
        #expect(table.relevant(to: "/var") == ["/": 22])
    }

    @Test func laterMountAtOnePlaceCounts() {
        let table = table(Self.text + "40 30 8:49 / /mnt/my\\040disk rw - ext4 /dev/sdd1 rw\n")
        #expect(table.relevant(to: "/mnt/my disk")["/mnt/my disk"] == 40)
    }

    @Test func randomDamageNeverCrashes() {
        var generator = SeededGenerator(seed: 7)
        let original = Array(Self.text.utf8)
        for _ in 0..<2000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] =
                    [0x20, 0x5C, 0x0A, 0x30, 0xFF, 0x2F].randomElement(
                        using: &generator) ?? 0
            }
            let table = MountTable(
                parsing: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
            let areAbsolute = table.topmost.keys.allSatisfy { $0.isAbsolute }
            #expect(areAbsolute)
        }
    }

    @Test func escapesAreUndoneByteByByte() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<500 {
            let bytes = (0..<20).map { _ in UInt8.random(in: 1...255, using: &generator) }
            let escaped = bytes.flatMap { byte -> [UInt8] in
                guard [0x20, 0x09, 0x0A, 0x5C].contains(byte) else { return [byte] }
                let octal = String(byte, radix: 8)
                return Array("\\\(String(repeating: "0", count: 3 - octal.count))\(octal)".utf8)
            }
            #expect(MountTable.unescaped(escaped[...]) == bytes)
        }
    }

    @Test func unfinishedEscapesStayAsTheyAre() {
        #expect(MountTable.unescaped(Array(#"a\04"#.utf8)[...]) == Array(#"a\04"#.utf8))
        #expect(MountTable.unescaped(Array(#"a\"#.utf8)[...]) == Array(#"a\"#.utf8))
        #expect(MountTable.unescaped(Array(#"a\089"#.utf8)[...]) == Array(#"a\089"#.utf8))
    }

    @Test func typeAndSourceComeAfterTheOptionalFields() {
        let table = table(Self.text)
        #expect(table[31]?.type == Array("nfs4".utf8))
        #expect(table[31]?.source == Array("host:/photos".utf8))
        #expect(table[31]?.root == "/photos")
    }
}
