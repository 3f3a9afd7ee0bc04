// What version 14 adds: who else works for the library, for whoever looks at the page.
extension Schema {
    /// One row, which the daemon writes: the queue's place, why it cannot be reached, the machines as JSON, what lies in
    /// it, and what was done over all time by others.
    static let help = """
        CREATE TABLE help (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            place TEXT,
            problem TEXT,
            helpers TEXT NOT NULL,
            waiting INTEGER NOT NULL,
            held INTEGER NOT NULL,
            offered INTEGER NOT NULL,
            done INTEGER NOT NULL,
            failed INTEGER NOT NULL
        ) STRICT;
        INSERT INTO help VALUES (1, NULL, NULL, '[]', 0, 0, 0, 0, 0);
        """
}
