import SystemPackage
import Testing

@testable import FileSystem

@Suite struct VolumeKeyTests {
    private func volume(_ number: Int, of root: FilePath, in text: String) throws -> Volume {
        let table = MountTable(parsing: Array(text.utf8))
        let mount = try #require(table[number])
        return try table.volume(
            of: mount, identity: String(decoding: mount.source, as: UTF8.self),
            from: Anchor(path: "", location: root))
    }

    private static let system = "22 1 254:0 / / rw - ext4 system rw\n"

    @Test func mountingAFolderAtItsOwnPlaceChangesNothing() throws {
        let bound = Self.system + "32 22 254:0 /srv/photos/a /srv/photos/a ro - ext4 system rw\n"
        #expect(
            try volume(32, of: "/srv/photos", in: bound)
                == volume(22, of: "/srv/photos", in: Self.system))
        let home = Self.system + "32 22 254:0 /srv /srv ro - ext4 system rw\n"
        #expect(
            try volume(32, of: "/srv/photos", in: home)
                == volume(22, of: "/srv/photos", in: Self.system))
    }

    @Test func keyIsTheSameWhereTheRestOfTheFileSystemIsHidden() throws {
        let hidden =
            Self.system + "32 22 0:9 / /home rw - tmpfs tmpfs rw\n"
            + "33 32 254:0 /home/me /home/me rw - ext4 system rw\n"
        #expect(
            try volume(33, of: "/home/me/photos", in: hidden)
                == volume(22, of: "/home/me/photos", in: Self.system))
    }

    @Test func aDiskBelowTheRootBeginsAtItsMountPoint() throws {
        let text = Self.system + "40 22 8:1 / /srv/photos/usb rw - ext4 stick rw\n"
        let stick = try volume(40, of: "/srv/photos", in: text)
        #expect(stick.point == "usb")
        #expect(try stick != volume(22, of: "/srv/photos", in: text))
        let elsewhere = Self.system + "41 22 8:17 / /srv/photos/usb rw - ext4 stick rw\n"
        #expect(try volume(41, of: "/srv/photos", in: elsewhere) == stick)
        let other = Self.system + "41 22 8:1 / /srv/photos/usb rw - ext4 other rw\n"
        #expect(try volume(41, of: "/srv/photos", in: other) != stick)
        let part = Self.system + "41 22 8:1 /part /srv/photos/usb rw - ext4 stick rw\n"
        #expect(try volume(41, of: "/srv/photos", in: part) != stick)
    }

    @Test func aMountThatHasNothingToDoWithTheRootIsNone() {
        let text = Self.system + "40 22 8:1 / /mnt rw - ext4 stick rw\n"
        #expect(throws: Errno.self) { try volume(40, of: "/srv/photos", in: text) }
    }

    @Test func strangeBytesStayApartInKeys() {
        #expect(VolumeKey.escaped([0x61, 0x20, 0xFF, 0x25]) == "a%20%FF%25")
    }
}
