import Foundation
import Testing

@testable import Catalogue

@Suite struct SidecarNameTests {
    private func data(_ text: String) -> Data { Data(text.utf8) }

    @Test(arguments: [
        ("IMG.JPG.xmp", true), ("IMG.XMP", true), ("a.Xmp", true), ("xmp", false),
        ("a.xmp.jpg", false), ("", false),
    ])
    func sidecarsAreToldByTheirExtension(_ name: String, _ isSidecar: Bool) {
        #expect(SidecarName.isSidecar(data(name)) == isSidecar)
    }

    @Test func theStemIsTheNameWithoutItsLastExtension() {
        #expect(SidecarName.stem(of: data("a.b.jpg")) == data("a.b"))
        #expect(SidecarName.stem(of: data("plain")) == data("plain"))
        #expect(SidecarName.stem(of: data(".jpg")) == data(".jpg"))
        #expect(SidecarName.fileExtension(of: data("a.NEF")) == "nef")
        #expect(SidecarName.fileExtension(of: data("plain")) == "")
    }

    @Test func theWholeNameComesBeforeTheStem() {
        let names = SidecarName.candidates(for: data("IMG.JPG"))
        #expect(names.first == data("IMG.JPG.xmp"))
        #expect(names.contains(data("IMG.XMP")))
        #expect(names.firstIndex(of: data("IMG.JPG.XMP"))! < names.firstIndex(of: data("IMG.xmp"))!)
    }
}
