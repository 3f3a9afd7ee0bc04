/// Makes a database ready for a queue.
public enum QueueSetup {
    /// Makes tables, roles and rights, or brings them up to date.
    ///
    /// - Parameters:
    ///   - address: A connection string, of somebody who may create roles and schemas in the database.
    ///   - daemons: Logins that are to offer work.
    ///   - workers: Logins that are to take it; those that are not there are made, without a password.
    /// - Throws: `QueueError`.
    public static func run(
        _ address: String, daemons: [String] = [], workers: [String] = []
    ) throws(QueueError) {
        let connection = try DatabaseConnection(
            address, name: "vignette workers setup", bell: Bell())
        try connection.run(script: "SET client_min_messages = warning")
        // A script that fails leaves its transaction open, which ends with the connection.
        try connection.run(script: QueueSchema.script)
        for (role, logins) in [("vignette_daemon", daemons), ("vignette_worker", workers)] {
            for login in logins {
                let found = try connection.run(
                    "SELECT quote_ident($1), EXISTS (SELECT FROM pg_roles WHERE rolname = $1)",
                    [.text(login)])
                let name = try found.text(0, 0)
                if try !found.bool(0, 1) { try connection.run(script: "CREATE ROLE \(name) LOGIN") }
                try connection.run(script: "GRANT \(role) TO \(name)")
            }
        }
    }
}

extension DatabaseConnection {
    /// Holds that there is a queue of this program's version.
    func checkVersion() throws(QueueError) {
        let number: Int64
        do throws(QueueError) {
            number = try run("SELECT number::int8 FROM vignette.version").number()
        } catch {
            // Undefined table or schema; a right that is lacking.
            guard case .refused(_, let code, _) = error else { throw error }
            if ["42P01", "3F000"].contains(code) {
                throw .otherVersion(
                    place: place,
                    reason: "there is no queue in it; 'vignette workers setup' makes it")
            }
            if code == "42501" {
                throw .otherVersion(
                    place: place,
                    reason: "this login may not use it; 'vignette workers setup --daemon LOGIN' or "
                        + "'--worker LOGIN' lets it")
            }
            throw error
        }
        guard number == Int64(QueueSchema.version) else {
            throw .otherVersion(
                place: place,
                reason: "the queue has version \(number) and this program works with version "
                    + "\(QueueSchema.version): install the same version of Vignette on all machines, "
                    + "then run 'vignette workers setup'")
        }
    }
}
