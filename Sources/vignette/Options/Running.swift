import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

extension ParsableCommand {
    /// Runs a service until it ends by itself or SIGTERM or SIGINT asks it to.
    func run(_ service: some Service, logger: Logger) async throws {
        // The library's own messages are of no interest to a person.
        var quiet = logger
        quiet.logLevel = .critical
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        try await group.run()
    }
}
