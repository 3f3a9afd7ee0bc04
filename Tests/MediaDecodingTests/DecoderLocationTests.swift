import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

@Suite struct DecoderLocationTests {
    private func place(_ path: FilePath, in folder: TemporaryDirectory) throws -> FilePath {
        let full = folder.path.pushing(path)
        var made = folder.path
        for component in path.removingLastComponent().components {
            made.append(component)
            _ = made.withPlatformString { mkdir($0, 0o700) }
        }
        try Fixture.write([], to: full, permissions: .ownerReadWriteExecute)
        return full
    }

    @Test func prefersTheEnvironmentThenTheNeighbourThenLibexec() throws {
        let folder = try TemporaryDirectory()
        let program = folder.path.appending("bin/vignette")
        let libexec = try place("libexec/vignette/vignette-decoder", in: folder)
        #expect(try DecoderLocation.find(near: program, environment: [:]) == libexec)
        let neighbour = try place("bin/vignette-decoder", in: folder)
        #expect(try DecoderLocation.find(near: program, environment: [:]) == neighbour)
        let chosen = try place("elsewhere", in: folder)
        let environment = ["VIGNETTE_DECODER": chosen.string]
        #expect(try DecoderLocation.find(near: program, environment: environment) == chosen)
    }

    @Test func listsWhereItLooked() throws {
        let error = try #require(throws: DecoderLocation.NotFound.self) {
            try DecoderLocation.find(near: "/nowhere/bin/vignette", environment: [:])
        }
        #expect(
            error.tried == [
                "/nowhere/bin/vignette-decoder", "/nowhere/libexec/vignette/vignette-decoder",
            ])
        #expect("\(error)".contains("/nowhere/libexec/vignette/vignette-decoder"))
    }

    @Test func takesNoOtherWhenTheChosenOneIsMissing() {
        #expect(throws: DecoderLocation.NotFound.self) {
            try DecoderLocation.find(environment: ["VIGNETTE_DECODER": "/nowhere"])
        }
    }
}
