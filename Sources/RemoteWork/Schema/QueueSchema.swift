/// The queue's tables, roles and rights, as `vignette workers setup` makes them.
///
/// Everything lies in the schema `vignette` and belongs to the role `vignette_owner`, as which nobody signs in.
/// Members of `vignette_daemon` offer and collect; members of `vignette_worker` see no table and may only call the
/// functions of `QueueSchema+Workers.swift`.
public enum QueueSchema {
    /// Raised with every change; programs of another version refuse the queue in words.
    public static let version = 2

    /// Most bytes of an answer.
    public static let mostAnswerBytes = 8 << 20
    /// Most pieces that one worker may hold.
    public static let mostHeld = 64
    /// Seconds after which a worker that says nothing has lost what it holds.
    public static let leaseSeconds = 30
    /// Hours after which a piece is taken from whoever holds it, however often it was renewed.
    static let mostHours = 2
    /// Failures in a row from which on it is the worker that is doubted and not the picture.
    static let mostFailures = 3
    /// Workers that may lose a piece before the picture is told to have failed.
    static let mostLosses = 5
    /// Whoever was not heard of for so many seconds is not there: an idle worker asks once a minute.
    static let presentSeconds = 150

    /// Wakes workers.
    static let workChannel = "vignette_work"
    /// Wakes daemons.
    static let newsChannel = "vignette_news"

    /// Makes everything, or brings rights and functions up to date; one transaction.
    static var script: String {
        """
        BEGIN;
        SELECT pg_advisory_xact_lock(6217390011);
        \(roles)
        CREATE SCHEMA IF NOT EXISTS vignette AUTHORIZATION vignette_owner;
        REVOKE ALL ON SCHEMA vignette FROM PUBLIC;
        GRANT USAGE ON SCHEMA vignette TO vignette_daemon, vignette_worker;
        SET LOCAL ROLE vignette_owner;
        \(newerIsRefused)
        \(earlier)
        \(tables)
        \(workerFunctions)
        \(rights)
        DELETE FROM vignette.version;
        INSERT INTO vignette.version VALUES (\(version));
        COMMIT;
        """
    }

    /// Where a newer program has set the queue up, functions of this version would stand in it beside others.
    private static let newerIsRefused = """
        DO $$ DECLARE found int; BEGIN
            IF to_regclass('vignette.version') IS NULL THEN RETURN; END IF;
            SELECT max(number) INTO found FROM vignette.version;
            IF found > \(version) THEN
                RAISE EXCEPTION 'the queue has version % and this program works with version \(version): run ''vignette workers setup'' of the newest version that any machine has, and install that on all', found
                    USING ERRCODE = 'VG001';
            END IF;
        END $$;
        """

    /// What earlier versions had and this one has no more.
    private static let earlier = """
        DROP FUNCTION IF EXISTS vignette.pixels_of(bytea, uuid);
        DROP FUNCTION IF EXISTS vignette.answer(bytea, uuid, bigint, bytea, float8);
        """

    private static let roles = ["vignette_owner", "vignette_daemon", "vignette_worker"].map {
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\($0)') THEN
                CREATE ROLE \($0) NOLOGIN;
            END IF;
            IF '\($0)' = 'vignette_owner' AND NOT pg_has_role('\($0)', 'MEMBER') THEN
                EXECUTE format('GRANT \($0) TO %I', current_user);
            END IF;
        END $$;
        """
    }.joined(separator: "\n")

    /// What is rewritten with each piece lies in rows of some hundred bytes.
    ///
    /// Pixels lie beside them, in a table that
    /// is not logged: the daemon makes them again where a crash of the database has emptied it. They are not
    /// compressed, since photographs hardly can be.
    private static let tables = """
        CREATE TABLE IF NOT EXISTS vignette.version (number int NOT NULL);
        CREATE TABLE IF NOT EXISTS vignette.library (
            id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
            holder bytea NOT NULL,
            program text NOT NULL,
            seen_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE IF NOT EXISTS vignette.recipe (
            key text PRIMARY KEY CHECK (octet_length(key) <= 128),
            kind text NOT NULL CHECK (kind IN ('describe', 'embed')),
            model text NOT NULL CHECK (octet_length(model) <= 512),
            version text NOT NULL CHECK (octet_length(version) <= 512),
            settings bytea NOT NULL CHECK (octet_length(settings) <= 512),
            prompts bytea NOT NULL CHECK (octet_length(prompts) <= 65536)
        );
        CREATE TABLE IF NOT EXISTS vignette.worker (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            login name NOT NULL,
            name text NOT NULL,
            secret bytea NOT NULL UNIQUE,
            program text NOT NULL,
            model text NOT NULL,
            recipes text[] NOT NULL DEFAULT '{}',
            doing text NOT NULL DEFAULT '',
            batch int NOT NULL DEFAULT 1,
            seconds float8,
            done bigint NOT NULL DEFAULT 0,
            failed bigint NOT NULL DEFAULT 0,
            streak int NOT NULL DEFAULT 0,
            faults int NOT NULL DEFAULT 0,
            enlisted_at timestamptz NOT NULL DEFAULT now(),
            seen_at timestamptz NOT NULL DEFAULT now(),
            paused_until timestamptz,
            has_left boolean NOT NULL DEFAULT false,
            UNIQUE (login, name)
        ) WITH (fillfactor = 50);
        CREATE TABLE IF NOT EXISTS vignette.piece (
            id uuid PRIMARY KEY,
            library bytea NOT NULL,
            recipe text NOT NULL REFERENCES vignette.recipe,
            urgency bigint NOT NULL,
            is_clip boolean NOT NULL,
            bytes bigint NOT NULL,
            offered_at timestamptz NOT NULL DEFAULT now(),
            worker bigint REFERENCES vignette.worker,
            attempt bigint NOT NULL DEFAULT 0,
            claimed_at timestamptz,
            leased_until timestamptz,
            losses int NOT NULL DEFAULT 0,
            refused_by bigint[] NOT NULL DEFAULT '{}'
        ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
        CREATE INDEX IF NOT EXISTS piece_ready ON vignette.piece (urgency, id) WHERE worker IS NULL;
        CREATE INDEX IF NOT EXISTS piece_held ON vignette.piece (worker) WHERE worker IS NOT NULL;
        CREATE INDEX IF NOT EXISTS piece_library ON vignette.piece (library);
        CREATE UNLOGGED TABLE IF NOT EXISTS vignette.pixels (
            piece uuid PRIMARY KEY REFERENCES vignette.piece ON DELETE CASCADE,
            content bytea NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200,
            toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 20000);
        ALTER TABLE vignette.pixels ALTER COLUMN content SET STORAGE EXTERNAL;
        CREATE TABLE IF NOT EXISTS vignette.answer (
            piece uuid PRIMARY KEY,
            library bytea NOT NULL,
            worker text NOT NULL,
            worker_id bigint,
            is_failure boolean NOT NULL,
            content bytea NOT NULL,
            seconds float8,
            answered_at timestamptz NOT NULL DEFAULT now()
        ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
        CREATE INDEX IF NOT EXISTS answer_library ON vignette.answer (library, answered_at);
        """

    /// PostgreSQL lets everybody run a new function; nobody sees it before this transaction is over.
    private static let rights = """
        REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vignette FROM PUBLIC;
        GRANT SELECT ON vignette.version TO vignette_daemon, vignette_worker;
        GRANT SELECT, INSERT, UPDATE ON vignette.library TO vignette_daemon;
        GRANT SELECT, INSERT ON vignette.recipe TO vignette_daemon;
        GRANT SELECT, INSERT, DELETE ON vignette.piece TO vignette_daemon;
        GRANT SELECT, INSERT ON vignette.pixels TO vignette_daemon;
        GRANT SELECT, DELETE ON vignette.answer TO vignette_daemon;
        GRANT SELECT (id, login, name, program, model, recipes, doing, batch, seconds, done, failed, streak, faults,
            enlisted_at, seen_at, paused_until, has_left) ON vignette.worker TO vignette_daemon;
        GRANT EXECUTE ON FUNCTION vignette.take_back() TO vignette_daemon;
        GRANT EXECUTE ON FUNCTION vignette.doubt(bigint, text) TO vignette_daemon;
        GRANT EXECUTE ON FUNCTION vignette.enlist(text, text, int, text) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.recipes(bytea) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.able(bytea, text[]) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.claim(bytea, text[], int, bigint) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.pixels_of(bytea, uuid[]) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.renew(bytea, uuid[], text, int, float8) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.answer(bytea, uuid[], bigint[], bytea[], float8[]) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.fail(bytea, uuid, bigint, text) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.give_back(bytea, uuid[], boolean, text) TO vignette_worker;
        GRANT EXECUTE ON FUNCTION vignette.leave(bytea) TO vignette_worker;
        """
}
