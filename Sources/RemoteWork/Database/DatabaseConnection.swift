import CPQ
import Glibc

/// A connection to PostgreSQL by libpq, for one thread at a time.
///
/// Every call blocks until the answer is there, time is over or the bell rings; after an error that breaks the
/// connection it is of no more use. What libpq reads of its own accord holds: service file, password file,
/// environment, TLS.
final class DatabaseConnection {
    /// The database and where it is, for messages; without user and password.
    let place: String
    private let connection: OpaquePointer
    private let bell: Bell
    private let password: String?
    /// How long an answer may take.
    var patience = Duration.seconds(30)

    /// Connects.
    ///
    /// - Parameters:
    ///   - address: A connection string of libpq, as a URL or as `keyword=value`.
    ///   - name: Shown by the database's administrator's tools.
    ///   - bell: Ends waiting for the database, with `QueueError.interrupted`.
    ///   - patience: How long connecting may take.
    /// - Throws: `QueueError`.
    init(
        _ address: String, name: String, bell: Bell, within patience: Duration = .seconds(10)
    ) throws(QueueError) {
        guard let options = PQconninfoParse(address, nil) else { throw .badAddress }
        PQconninfoFree(options)
        // The first of those that are named twice is the weaker: whoever writes an address may set others.
        let parameters: [(String, String)] = [
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            // Answers apart, a crash of the database may lose its last half second, which both sides find out by
            // comparing: no commit has to wait for the disk.
            ("tcp_user_timeout", "30000"), ("options", "-c synchronous_commit=off"),
            ("dbname", address), ("client_encoding", "UTF8"),
            ("fallback_application_name", name),
        ]
        let started = Self.withTexts(parameters.map(\.0)) { keys in
            Self.withTexts(parameters.map(\.1)) { values in PQconnectStartParams(keys, values, 1) }
        }
        guard let started else { throw .badAddress }
        connection = started
        // libpq would print it among the log's lines: a server that ends says so to those who ask nothing at the moment.
        PQsetNoticeProcessor(started, { _, _ in }, nil)
        self.bell = bell
        let port = Self.text(PQport(started)) ?? ""
        let host = Self.text(PQhost(started)) ?? "localhost"
        let database = Self.text(PQdb(started)) ?? "?"
        place = "the queue '\(database)' on \(host)\(port.isEmpty ? "" : ":" + port)"
        password = Self.text(PQpass(started))
        try establish(until: .now + patience)
    }

    deinit { PQfinish(connection) }

    /// Runs one statement.
    ///
    /// - Returns: Its rows.
    /// - Throws: `QueueError`.
    @discardableResult
    func run(_ sql: String, _ values: [DatabaseValue] = []) throws(QueueError) -> DatabaseRows {
        let encoded = values.map(\.encoded)
        let isSent = Self.withBytes(encoded) { pointers in
            PQsendQueryParams(
                connection, sql, Int32(values.count), values.map(\.type), pointers,
                encoded.map { Int32($0?.count ?? 0) }, values.map { _ in 1 }, 1)
        }
        guard isSent == 1 else { throw broken() }
        return try finish(until: .now + patience)
    }

    /// Runs a script of several statements without parameters, as one transaction.
    func run(script: String) throws(QueueError) {
        guard PQsendQuery(connection, script) == 1 else { throw broken() }
        _ = try finish(until: .now + patience)
    }

    /// Puts rows into a table by COPY in its binary form (documentation of COPY, "Binary Format"), which takes no plan for
    /// each and no copy of large values.
    ///
    /// - Parameters:
    ///   - target: The table and its columns.
    ///   - rows: Of each the columns in their types' binary forms.
    /// - Throws: `QueueError`.
    func copy(_ target: String, _ rows: some Sequence<[[UInt8]]>) throws(QueueError) {
        let deadline = ContinuousClock.now + patience
        guard PQsendQuery(connection, "COPY \(target) FROM STDIN (FORMAT binary)") == 1 else {
            throw broken()
        }
        try send(until: deadline)
        try receive(until: deadline)
        guard let begun = PQgetResult(connection) else { throw broken() }
        guard PQresultStatus(begun) == PGRES_COPY_IN else {
            _ = try finish(until: deadline, after: begun)
            throw broken()
        }
        PQclear(begun)
        // Its signature, no flags, nothing more in the head.
        try put(
            [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0]
                + .init(repeating: 0, count: 8))
        for row in rows {
            try put(DatabaseValue.bigEndian(Int16(row.count)))
            for column in row {
                try put(DatabaseValue.bigEndian(Int32(column.count)))
                try put(column)
            }
            try send(until: deadline)
        }
        try put(DatabaseValue.bigEndian(Int16(-1)))
        guard PQputCopyEnd(connection, nil) == 1 else { throw broken() }
        _ = try finish(until: deadline)
    }

    private func put(_ bytes: [UInt8]) throws(QueueError) {
        let isPut = bytes.withUnsafeBytes { buffer in
            PQputCopyData(
                connection, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(buffer.count))
        }
        guard isPut == 1 else { throw broken() }
    }

    /// Runs statements in one transaction, which is rolled back if one throws.
    func transaction<Value>(_ body: () throws(QueueError) -> Value) throws(QueueError) -> Value {
        try run("BEGIN")
        do throws(QueueError) {
            let value = try body()
            try run("COMMIT")
            return value
        } catch {
            if case .refused = error { _ = try? run("ROLLBACK") }
            throw error
        }
    }

    /// Blocks until somebody notifies a channel that is listened to, the bell rings or time is over.
    ///
    /// - Returns: Whether somebody did.
    /// - Throws: `QueueError.unreachable` where the connection is over.
    @discardableResult
    func wait(for duration: Duration) throws(QueueError) -> Bool {
        let deadline = ContinuousClock.now + duration
        while !takeNotifications() {
            switch bell.wait(PQsocket(connection), POLLIN, until: deadline) {
            case .bell, .timeout: return false
            case .socket: guard PQconsumeInput(connection) == 1 else { throw broken() }
            }
        }
        return true
    }

    /// - Returns: Whether there were any.
    private func takeNotifications() -> Bool {
        var isAny = false
        while let notification = PQnotifies(connection) {
            PQfreemem(notification)
            isAny = true
        }
        return isAny
    }

    private func establish(until deadline: ContinuousClock.Instant) throws(QueueError) {
        var events = POLLOUT
        while PQstatus(connection) != CONNECTION_BAD {
            switch bell.wait(PQsocket(connection), events, until: deadline) {
            case .bell:
                bell.ring()
                throw .interrupted
            case .timeout: throw .timedOut(place: place)
            case .socket: break
            }
            switch PQconnectPoll(connection) {
            case PGRES_POLLING_OK:
                guard PQsetnonblocking(connection, 1) == 0 else { throw broken() }
                return
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            default: throw broken()
            }
        }
        throw broken()
    }

    /// Sends what is left to send and reads the answer to its end, of which `first` was read already.
    private func finish(
        until deadline: ContinuousClock.Instant, after first: OpaquePointer? = nil
    ) throws(QueueError) -> DatabaseRows {
        try send(until: deadline)
        var last = first
        while true {
            try receive(until: deadline)
            guard let result = PQgetResult(connection) else { break }
            // Of several statements the first that fails counts, and none comes after it.
            if let last { PQclear(last) }
            last = result
        }
        guard let last else { throw broken() }
        let rows = DatabaseRows(last, place: place)
        switch PQresultStatus(last) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: return rows
        default: throw failure(of: last)
        }
    }

    /// Sends what is left to send.
    private func send(until deadline: ContinuousClock.Instant) throws(QueueError) {
        while true {
            let left = PQflush(connection)
            if left == 0 { return }
            guard left > 0 else { throw broken() }
            try serve(POLLIN | POLLOUT, until: deadline)
        }
    }

    /// Blocks until a result can be taken.
    private func receive(until deadline: ContinuousClock.Instant) throws(QueueError) {
        while PQisBusy(connection) == 1 {
            let left = PQflush(connection)
            guard left >= 0 else { throw broken() }
            try serve(left == 0 ? POLLIN : POLLIN | POLLOUT, until: deadline)
        }
    }

    /// Waits for the socket and reads what is there; an answer is not interrupted, since what became of the statement
    /// would not be known.
    private func serve(_ events: Int32, until deadline: ContinuousClock.Instant) throws(QueueError)
    {
        let arrival = bell.wait(PQsocket(connection), events, until: deadline, isHeard: false)
        guard arrival == .socket else { throw .timedOut(place: place) }
        guard PQconsumeInput(connection) == 1 else { throw broken() }
    }

    private func failure(of result: OpaquePointer) -> QueueError {
        guard PQstatus(connection) != CONNECTION_BAD else { return broken() }
        // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY of postgres_ext.h, whose macros are characters.
        let code = Self.text(PQresultErrorField(result, Int32(UInt8(ascii: "C")))) ?? ""
        let reason = Self.text(PQresultErrorField(result, Int32(UInt8(ascii: "M")))) ?? "no reason"
        if code == "VG001" { return .otherVersion(place: place, reason: clean(reason)) }
        // No such function: another version was set up while this program was connected.
        if code == "42883" {
            return .otherVersion(
                place: place,
                reason:
                    "the queue was set up by another version (\(clean(reason))): install the same "
                    + "version of Vignette on all machines, then run 'vignette workers setup'")
        }
        // Shut down by somebody, or about to start: not there, for now.
        if code.hasPrefix("57P") { return .unreachable(place: place, reason: clean(reason)) }
        return .refused(place: place, code: code, reason: clean(reason))
    }

    private func broken() -> QueueError {
        let reason = clean(Self.text(PQerrorMessage(connection)) ?? "")
        return .unreachable(
            place: place, reason: reason.isEmpty ? "the connection is over" : reason)
    }

    /// One line, of bounded length, without the password.
    private func clean(_ reason: String) -> String {
        var line = reason.split(whereSeparator: \.isNewline).joined(separator: "; ")
        if let password, !password.isEmpty {
            line = line.split(separator: password).joined(separator: "…")
        }
        return String(
            String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 32 }).prefix(500))
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer, pointer.pointee != 0 else { return nil }
        return String(cString: pointer)
    }

    private static func withTexts<Value>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { UnsafePointer($0) } + [nil])
    }

    private static func withBytes<Value>(
        _ values: [[UInt8]?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        // Every value in a place of its own that stays where it is for the call.
        let copies = values.map { value in
            value.map { bytes in
                let copy = UnsafeMutableRawPointer.allocate(
                    byteCount: bytes.count + 1, alignment: 8)
                bytes.withUnsafeBytes {
                    copy.copyMemory(
                        from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: $0.count)
                }
                return copy
            }
        }
        defer { for copy in copies { copy?.deallocate() } }
        return body(
            copies.map { $0.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) } } + [nil])
    }
}
