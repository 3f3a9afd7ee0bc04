@testable import Catalogue
import GRDB
import SystemPackage
import Testing

@Suite struct CatalogueErrorTests {
    private static let path: FilePath = "/state/catalogue.sqlite"

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, "disk is full"), (.SQLITE_IOERR_SHMSIZE, "disk is full"),
        (.SQLITE_NOTADB, "damaged"), (.SQLITE_CORRUPT_VTAB, "damaged"),
        (.SQLITE_BUSY_RECOVERY, "locked"), (.SQLITE_CANTOPEN, "permissions"),
        (.SQLITE_READONLY_DIRECTORY, "permissions"), (.SQLITE_IOERR_READ, "permissions"),
        (.SQLITE_CONSTRAINT, "failed"),
    ])
    func saysWhatSQLiteMeans(_ code: ResultCode, _ words: String) {
        let error = CatalogueError(DatabaseError(resultCode: code), at: Self.path)
        #expect(error.description.contains(words))
        #expect(error.description.hasPrefix("/state/catalogue.sqlite: "))
        #expect(!error.description.contains("\n"))
    }

    @Test func passesItsOwnErrorsOn() {
        let error = CatalogueError(CatalogueError.busy("/other"), at: Self.path)
        #expect(error.description.hasPrefix("/other: "))
    }

    @Test func keepsTheCauseOfAnythingElse() {
        let error = CatalogueError(Errno.ioError, at: Self.path)
        guard case .failed(_, let cause) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(cause as? Errno == .ioError)
    }

    @Test(arguments: [
        (CatalogueError.alreadyOwned(path, processID: 77), "process 77"),
        (.alreadyOwned(path, processID: nil), "another process"),
        (.missing(path), "vignette scan DIR"), (.newerSchema(path), "update Vignette"),
        (.olderSchema(path), "vignette scan"), (.foreign(path), "--catalogue"),
        (.readOnly(path), "reading only"),
    ])
    func saysWhatToDo(_ error: CatalogueError, _ words: String) {
        #expect(error.description.contains(words))
    }
}
