import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct TrustSettingsTests {
    @Test func withoutVariablesTheSystemsAuthoritiesAreBelieved() throws {
        #expect(try !TrustSettings(["SSL_CERT_FILE": ""]).isOwn)
    }

    @Test func firstVariableThatIsSetNamesTheFile() throws {
        let directory = try TemporaryDirectory()
        let files = try ["a", "b"].map { name in
            let path = directory.path.appending(name).string
            try Data().write(to: URL(fileURLWithPath: path))
            return path
        }
        let settings = try TrustSettings([
            "CURL_CA_BUNDLE": files[0], "SSL_CERT_FILE": files[1],
            "SSL_CERT_DIR": directory.path.string,
        ])
        #expect(settings.file == files[0] && settings.folder == directory.path.string)
        #expect(settings.isOwn)
    }

    @Test(arguments: ["CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
    func variableWhoseFileCannotBeReadIsNamed(variable: String) {
        let error = #expect(throws: HubError.self) {
            try TrustSettings([variable: "/nowhere/at all"])
        }
        #expect(error?.subject == variable)
    }
}
