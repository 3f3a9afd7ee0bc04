// What workers may do: functions that run with their owner's rights and look at nobody else's rows.
//
// Each names its search path, so that nothing that a caller has made is found in place of what is meant. A worker is
// known by a secret that `enlist` gave to it, under the login that it enlisted with.
extension QueueSchema {
    private static func function(
        _ head: String, returns: String, declare: String = "", _ body: String
    ) -> String {
        let name = head.prefix { $0 != "(" }
        return """
            CREATE OR REPLACE FUNCTION vignette.\(head) RETURNS \(returns)
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
            #variable_conflict use_column
            DECLARE \(declare)
            BEGIN
            \(body)
            END $body$;
            COMMENT ON FUNCTION vignette.\(name) IS 'Vignette';
            """
    }

    static var workerFunctions: String {
        [
            who, takeBack, enlist, recipes, able, claim, pixelsOf, renew, answer, fail, giveBack,
            leave,
            doubt,
        ].joined(separator: "\n")
    }

    /// Who calls; being asked is a sign of life.
    private static let who = function(
        "who(a_secret bytea)", returns: "bigint", declare: "me bigint;",
        """
        UPDATE vignette.worker SET seen_at = clock_timestamp(), has_left = false
            WHERE secret = a_secret AND login = session_user RETURNING id INTO me;
        IF me IS NULL THEN
            RAISE EXCEPTION 'this worker is not known here: it has to enlist' USING ERRCODE = 'VG002';
        END IF;
        RETURN me;
        """)

    /// Takes from workers what they hold for longer than they said that they were there.
    ///
    /// A picture that many workers went away with may be what ended them: it is told to have failed.
    private static let takeBack = function(
        "take_back()", returns: "bigint", declare: "taken bigint;",
        """
        WITH late AS (
            SELECT id FROM vignette.piece WHERE worker IS NOT NULL
                AND leased_until < clock_timestamp() ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
        ), back AS (
            UPDATE vignette.piece SET worker = NULL, leased_until = NULL, losses = losses + 1
                FROM late WHERE piece.id = late.id RETURNING piece.id
        ) SELECT count(*) INTO taken FROM back;
        IF taken > 0 THEN
            WITH lost AS (
                DELETE FROM vignette.piece WHERE worker IS NULL AND losses >= \(mostLosses)
                    RETURNING id, library
            ) INSERT INTO vignette.answer (piece, library, worker, is_failure, content)
                SELECT id, library, '', true,
                    convert_to('\(mostLosses) workers went away while they had it in hand', 'UTF8')
                    FROM lost;
            PERFORM pg_notify('\(workChannel)', '');
        END IF;
        RETURN taken;
        """)

    /// Makes a worker known, and gives its secret to it.
    ///
    /// One that comes again under its name keeps what is known of it; while another of that name is there, a number
    /// is added.
    private static let enlist = function(
        "enlist(a_name text, a_program text, a_version int, a_model text)",
        returns: "TABLE (worker_name text, worker_secret bytea)",
        declare: "base text; tried text; fresh bytea; turn int := 1;",
        """
        IF a_version IS DISTINCT FROM (SELECT number FROM vignette.version) THEN
            RAISE EXCEPTION 'the queue has version % and this program works with version %: install the same version of Vignette on all machines, then run ''vignette workers setup''',
                (SELECT number FROM vignette.version), a_version USING ERRCODE = 'VG001';
        END IF;
        IF (SELECT count(*) FROM vignette.worker WHERE login = session_user) >= 5000 THEN
            RAISE EXCEPTION 'too many workers have enlisted as %', session_user USING ERRCODE = 'VG003';
        END IF;
        base := left(regexp_replace(coalesce(a_name, ''), '[^[:alnum:]._-]', '-', 'g'), 60);
        IF base = '' THEN base := 'worker'; END IF;
        fresh := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
        LOOP
            tried := CASE WHEN turn = 1 THEN base ELSE base || '-' || turn END;
            INSERT INTO vignette.worker (login, name, secret, program, model)
                VALUES (session_user, tried, fresh, left(coalesce(a_program, ''), 60),
                    left(coalesce(a_model, ''), 100))
                ON CONFLICT (login, name) DO UPDATE SET secret = excluded.secret,
                    program = excluded.program, model = excluded.model, recipes = '{}', doing = '',
                    enlisted_at = now(), seen_at = clock_timestamp(), has_left = false
                    WHERE worker.has_left
                        OR worker.seen_at < clock_timestamp() - interval '\(presentSeconds) seconds';
            IF FOUND THEN EXIT; END IF;
            turn := turn + 1;
        END LOOP;
        DELETE FROM vignette.worker WHERE seen_at < now() - interval '7 days'
            AND NOT EXISTS (SELECT FROM vignette.piece WHERE piece.worker = worker.id);
        RETURN QUERY SELECT tried, fresh;
        """)

    /// What may be asked for: models, versions and prompts, of which a worker picks those that it can follow.
    private static let recipes = function(
        "recipes(a_secret bytea)",
        returns:
            "TABLE (key text, kind text, model text, version text, settings bytea, prompts bytea)",
        """
        PERFORM vignette.who(a_secret);
        RETURN QUERY SELECT r.key, r.kind, r.model, r.version, r.settings, r.prompts
            FROM vignette.recipe r ORDER BY r.key LIMIT 1000;
        """)

    /// Which of them a worker can follow: it has the model, by its digest.
    private static let able = function(
        "able(a_secret bytea, some_recipes text[])", returns: "void", declare: "me bigint;",
        """
        me := vignette.who(a_secret);
        UPDATE vignette.worker SET recipes = coalesce(
                (SELECT array_agg(key) FROM vignette.recipe WHERE key = ANY (some_recipes)), '{}')
            WHERE id = me;
        PERFORM pg_notify('\(newsChannel)', '');
        """)

    /// Lends pieces out, the most urgent first, of which the pixels are there.
    private static let claim = function(
        "claim(a_secret bytea, some_recipes text[], most int, most_bytes bigint)",
        returns: "TABLE (piece uuid, attempt bigint, recipe text, is_clip boolean, bytes bigint)",
        declare: "me bigint; room bigint;",
        """
        me := vignette.who(a_secret);
        -- Otherwise the daemon does, every ten seconds: among many workers it would be done hundreds of times a second.
        IF NOT EXISTS (SELECT FROM vignette.piece WHERE worker IS NULL) THEN
            PERFORM vignette.take_back();
        END IF;
        IF (SELECT paused_until > clock_timestamp() FROM vignette.worker WHERE id = me) THEN RETURN; END IF;
        room := least(most, \(mostHeld) - (SELECT count(*) FROM vignette.piece p WHERE p.worker = me));
        IF room IS NULL OR room <= 0 THEN RETURN; END IF;
        RETURN QUERY
            WITH ready AS MATERIALIZED (
                SELECT p.id, p.bytes, p.urgency FROM vignette.piece p
                WHERE p.worker IS NULL AND p.recipe = ANY (some_recipes)
                    AND NOT me = ANY (p.refused_by)
                    AND EXISTS (SELECT FROM vignette.pixels x WHERE x.piece = p.id)
                ORDER BY p.urgency, p.id LIMIT room FOR UPDATE SKIP LOCKED
            ), summed AS (
                SELECT id, row_number() OVER w AS place, sum(bytes) OVER w AS total FROM ready
                    WINDOW w AS (ORDER BY urgency, id)
            )
            UPDATE vignette.piece p SET worker = me, attempt = p.attempt + 1,
                claimed_at = clock_timestamp(),
                leased_until = clock_timestamp() + interval '\(leaseSeconds) seconds'
            FROM summed s WHERE p.id = s.id AND (s.place = 1 OR s.total <= most_bytes)
            RETURNING p.id, p.attempt, p.recipe, p.is_clip, p.bytes;
        """)

    /// The pixels of pieces that the worker holds; of those that are no longer its own there is no row.
    private static let pixelsOf = function(
        "pixels_of(a_secret bytea, some_pieces uuid[])",
        returns: "TABLE (piece uuid, content bytea)", declare: "me bigint;",
        """
        me := vignette.who(a_secret);
        RETURN QUERY SELECT p.id, x.content FROM vignette.piece p JOIN vignette.pixels x ON x.piece = p.id
            WHERE p.id = ANY (some_pieces) AND p.worker = me;
        """)

    /// Says that a worker is still there, and what it does; the pieces that it still holds.
    private static let renew = function(
        "renew(a_secret bytea, some_pieces uuid[], a_doing text, a_batch int, some_seconds float8)",
        returns: "SETOF uuid", declare: "me bigint;",
        """
        me := vignette.who(a_secret);
        UPDATE vignette.worker SET doing = left(regexp_replace(coalesce(a_doing, ''), '[[:cntrl:]]', ' ', 'g'), 120),
                batch = greatest(least(coalesce(a_batch, 1), \(mostHeld)), 1),
                seconds = CASE WHEN some_seconds > 0 AND some_seconds < 1e6 THEN some_seconds END
            WHERE id = me;
        RETURN QUERY UPDATE vignette.piece
            SET leased_until = clock_timestamp() + interval '\(leaseSeconds) seconds'
            WHERE worker = me AND id = ANY (some_pieces)
                AND claimed_at > clock_timestamp() - interval '\(mostHours) hours'
            RETURNING id;
        """)

    /// Ends pieces with what the model said, in one transaction; those that were still the caller's to end.
    private static let answer = function(
        "answer(a_secret bytea, some_pieces uuid[], some_attempts bigint[], some_contents bytea[], some_seconds float8[])",
        returns: "SETOF uuid", declare: "me bigint; isFirst boolean; ended_now bigint;",
        """
        me := vignette.who(a_secret);
        IF EXISTS (SELECT FROM unnest(some_contents) AS c
            WHERE c IS NULL OR octet_length(c) > \(mostAnswerBytes)) THEN
            RAISE EXCEPTION 'an answer has at most \(mostAnswerBytes) bytes' USING ERRCODE = 'VG004';
        END IF;
        -- Other commits need not wait for the disk; this one is pictures' time of work.
        PERFORM set_config('synchronous_commit', 'on', true);
        isFirst := EXISTS (SELECT FROM vignette.piece p WHERE p.id = ANY (some_pieces) AND p.worker = me
            AND NOT EXISTS (SELECT FROM vignette.answer a WHERE a.library = p.library));
        RETURN QUERY
            WITH given AS (
                SELECT * FROM unnest(some_pieces, some_attempts, some_contents, some_seconds)
                    AS g (piece, attempt, content, seconds)
            ), ended AS (
                DELETE FROM vignette.piece p USING given g
                    WHERE p.id = g.piece AND p.worker = me AND p.attempt = g.attempt
                        AND g.content IS NOT NULL
                    RETURNING p.id, p.library, g.content, g.seconds
            )
            INSERT INTO vignette.answer (piece, library, worker, worker_id, is_failure, content, seconds)
                SELECT e.id, e.library, w.name, me, false, e.content,
                    CASE WHEN e.seconds >= 0 AND e.seconds < 1e6 THEN e.seconds END
                    FROM ended e, vignette.worker w WHERE w.id = me
                RETURNING piece;
        GET DIAGNOSTICS ended_now = ROW_COUNT;
        IF ended_now > 0 THEN
            UPDATE vignette.worker SET done = done + ended_now, streak = 0, faults = 0 WHERE id = me;
            IF isFirst THEN PERFORM pg_notify('\(newsChannel)', ''); END IF;
        END IF;
        """)

    /// Ends a piece that could not be described.
    ///
    /// It counts where the worker's last few pieces did not fail, or where a second worker says the same. Otherwise
    /// it is the worker that is doubted: it does not get the piece again and pauses, longer each time.
    private static let fail = function(
        "fail(a_secret bytea, a_piece uuid, an_attempt bigint, a_reason text)", returns: "boolean",
        declare: "me bigint; misses int; refused bigint[]; whose bytea;",
        """
        me := vignette.who(a_secret);
        SELECT library, refused_by INTO whose, refused FROM vignette.piece
            WHERE id = a_piece AND worker = me AND attempt = an_attempt FOR UPDATE;
        IF whose IS NULL THEN RETURN false; END IF;
        UPDATE vignette.worker SET failed = failed + 1, streak = least(streak + 1, 1000) WHERE id = me
            RETURNING streak INTO misses;
        IF misses >= \(mostFailures) THEN
            UPDATE vignette.worker SET paused_until = clock_timestamp()
                + least(15 * 2 ^ least(misses - \(mostFailures), 10), 3600) * interval '1 second'
                WHERE id = me;
        END IF;
        IF misses < \(mostFailures) OR cardinality(refused) > 0 THEN
            DELETE FROM vignette.piece WHERE id = a_piece;
            INSERT INTO vignette.answer (piece, library, worker, worker_id, is_failure, content)
                SELECT a_piece, whose, name, id, true, convert_to(left(coalesce(a_reason, ''), 300), 'UTF8')
                    FROM vignette.worker WHERE id = me;
            PERFORM pg_notify('\(newsChannel)', '');
        ELSE
            UPDATE vignette.piece SET worker = NULL, leased_until = NULL, refused_by = refused_by || me
                WHERE id = a_piece;
            PERFORM pg_notify('\(workChannel)', '');
        END IF;
        RETURN true;
        """)

    /// Gives pieces back uncounted; a worker whose own fault that is pauses, longer each time.
    private static let giveBack = function(
        "give_back(a_secret bytea, some_pieces uuid[], is_fault boolean, a_reason text)",
        returns: "bigint", declare: "me bigint; given bigint;",
        """
        me := vignette.who(a_secret);
        WITH back AS (
            UPDATE vignette.piece SET worker = NULL, leased_until = NULL
                WHERE worker = me AND id = ANY (some_pieces) RETURNING id
        ) SELECT count(*) INTO given FROM back;
        IF is_fault THEN
            UPDATE vignette.worker SET faults = least(faults + 1, 1000),
                    paused_until = clock_timestamp()
                        + least(15 * 2 ^ least(faults, 10), 3600) * interval '1 second',
                    doing = left(regexp_replace(coalesce(a_reason, ''), '[[:cntrl:]]', ' ', 'g'), 120)
                WHERE id = me;
        END IF;
        IF given > 0 THEN PERFORM pg_notify('\(workChannel)', ''); END IF;
        RETURN given;
        """)

    /// Gives everything back and goes.
    private static let leave = function(
        "leave(a_secret bytea)", returns: "void", declare: "me bigint; given bigint;",
        """
        me := vignette.who(a_secret);
        WITH back AS (
            UPDATE vignette.piece SET worker = NULL, leased_until = NULL WHERE worker = me RETURNING id
        ) SELECT count(*) INTO given FROM back;
        UPDATE vignette.worker SET has_left = true, doing = '', recipes = '{}' WHERE id = me;
        IF given > 0 THEN PERFORM pg_notify('\(workChannel)', ''); END IF;
        """)

    /// What a daemon says of a worker that answered with what is no answer.
    private static let doubt = function(
        "doubt(a_worker bigint, a_reason text)", returns: "void", declare: "misses int;",
        """
        UPDATE vignette.worker SET failed = failed + 1, streak = least(greatest(streak, \(mostFailures)) + 1, 1000)
            WHERE id = a_worker RETURNING streak INTO misses;
        UPDATE vignette.worker SET paused_until = clock_timestamp()
                + least(15 * 2 ^ least(misses - \(mostFailures), 10), 3600) * interval '1 second',
                doing = left(regexp_replace(coalesce(a_reason, ''), '[[:cntrl:]]', ' ', 'g'), 120)
            WHERE id = a_worker;
        """)
}
