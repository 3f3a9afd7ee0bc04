import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct HubEnvironmentTests {
    private let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    private func environment(_ variables: [String: String]) throws -> HubEnvironment {
        try HubEnvironment(["HOME": directory.path.string].merging(variables) { $1 })
    }

    @Test func defaultsAreThoseOfTheHubsOwnPrograms() throws {
        let environment = try environment([:])
        #expect(environment.endpoint.origin == "https://huggingface.co:443")
        #expect(environment.cache == directory.path.appending(".cache/huggingface/hub"))
        #expect(environment.token == nil && !environment.isOffline)
    }

    @Test func variablesMoveTheCache() throws {
        #expect(try environment(["HF_HOME": "/h"]).cache == "/h/hub")
        #expect(try environment(["XDG_CACHE_HOME": "/x"]).cache == "/x/huggingface/hub")
        #expect(try environment(["HF_HOME": "/h", "HF_HUB_CACHE": "/c"]).cache == "/c")
        #expect(
            try environment(["HF_HOME": "~/h"]).cache == directory.path.appending("h/hub"))
    }

    @Test func tokenComesFromTheVariableOrTheFile() throws {
        let file = directory.path.appending("token")
        try Data("hf_file\n".utf8).write(to: URL(fileURLWithPath: file.string))
        #expect(try environment(["HF_HOME": directory.path.string]).token == "hf_file")
        #expect(
            try environment(["HF_HOME": directory.path.string, "HF_TOKEN": "hf_own"]).token
                == "hf_own")
        #expect(try environment(["HF_TOKEN_PATH": file.string]).token == "hf_file")
    }

    @Test(arguments: [
        ("HF_TOKEN", "a\r\nX-Evil: 1"), ("HF_TOKEN", "a b"), ("HF_ENDPOINT", "huggingface.co"),
        ("HF_ENDPOINT", "file:///etc"), ("HF_HUB_DOWNLOAD_TIMEOUT", "soon"),
        ("HF_HUB_DOWNLOAD_TIMEOUT", "-1"), ("HF_HUB_DOWNLOAD_TIMEOUT", "nan"),
    ]) func unusableVariableIsNamed(name: String, value: String) {
        let error = #expect(throws: HubError.self) { try environment([name: value]) }
        #expect(error?.subject == name)
    }
}
