import Catalogue
import FileSystem
import Foundation
import SystemPackage
import WorkQueue

extension FileObservation {
    /// A file stands on the fixture's disk.
    static func settled(_ path: FilePath, _ status: FileStatus) -> FileObservation {
        .settled(path, status, CatalogueFixture.disk)
    }

    /// Nothing stands on the fixture's disk.
    static func absent(_ path: FilePath) -> FileObservation {
        .absent(path, CatalogueFixture.disk)
    }
}

extension Catalogue {
    /// The next job, if there is one.
    func leaseNext(at now: Date = Date()) throws -> LeasedJob? {
        try lease(limit: 1, owner: "test", at: now).first
    }

    /// The next work, if there is any.
    func leaseWork(at now: Date = Date()) throws -> WorkLease? {
        try lease(LeaseRequest(worker: "test", now: now)).first
    }

    /// Makes everything that is missing forgettable at once.
    func removeAll(missingBy moment: Date) throws -> RemovalOutcome {
        try removeExpired(grace: .zero, at: moment)
    }
}
