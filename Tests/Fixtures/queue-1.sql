BEGIN;
SELECT pg_advisory_xact_lock(6217390011);
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vignette_owner') THEN
        CREATE ROLE vignette_owner NOLOGIN;
    END IF;
    IF 'vignette_owner' = 'vignette_owner' AND NOT pg_has_role('vignette_owner', 'MEMBER') THEN
        EXECUTE format('GRANT vignette_owner TO %I', current_user);
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vignette_daemon') THEN
        CREATE ROLE vignette_daemon NOLOGIN;
    END IF;
    IF 'vignette_daemon' = 'vignette_owner' AND NOT pg_has_role('vignette_daemon', 'MEMBER') THEN
        EXECUTE format('GRANT vignette_daemon TO %I', current_user);
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vignette_worker') THEN
        CREATE ROLE vignette_worker NOLOGIN;
    END IF;
    IF 'vignette_worker' = 'vignette_owner' AND NOT pg_has_role('vignette_worker', 'MEMBER') THEN
        EXECUTE format('GRANT vignette_worker TO %I', current_user);
    END IF;
END $$;
CREATE SCHEMA IF NOT EXISTS vignette AUTHORIZATION vignette_owner;
REVOKE ALL ON SCHEMA vignette FROM PUBLIC;
GRANT USAGE ON SCHEMA vignette TO vignette_daemon, vignette_worker;
SET LOCAL ROLE vignette_owner;
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
CREATE OR REPLACE FUNCTION vignette.who(a_secret bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint;
BEGIN
UPDATE vignette.worker SET seen_at = clock_timestamp(), has_left = false
    WHERE secret = a_secret AND login = session_user RETURNING id INTO me;
IF me IS NULL THEN
    RAISE EXCEPTION 'this worker is not known here: it has to enlist' USING ERRCODE = 'VG002';
END IF;
RETURN me;
END $body$;
COMMENT ON FUNCTION vignette.who IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.take_back() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE taken bigint;
BEGIN
WITH late AS (
    SELECT id FROM vignette.piece WHERE worker IS NOT NULL
        AND leased_until < clock_timestamp() ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
), back AS (
    UPDATE vignette.piece SET worker = NULL, leased_until = NULL, losses = losses + 1
        FROM late WHERE piece.id = late.id RETURNING piece.id
) SELECT count(*) INTO taken FROM back;
IF taken > 0 THEN
    WITH lost AS (
        DELETE FROM vignette.piece WHERE worker IS NULL AND losses >= 5
            RETURNING id, library
    ) INSERT INTO vignette.answer (piece, library, worker, is_failure, content)
        SELECT id, library, '', true,
            convert_to('5 workers went away while they had it in hand', 'UTF8')
            FROM lost;
    PERFORM pg_notify('vignette_work', '');
END IF;
RETURN taken;
END $body$;
COMMENT ON FUNCTION vignette.take_back IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.enlist(a_name text, a_program text, a_version int, a_model text) RETURNS TABLE (worker_name text, worker_secret bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE base text; tried text; fresh bytea; turn int := 1;
BEGIN
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
                OR worker.seen_at < clock_timestamp() - interval '150 seconds';
    IF FOUND THEN EXIT; END IF;
    turn := turn + 1;
END LOOP;
DELETE FROM vignette.worker WHERE seen_at < now() - interval '7 days'
    AND NOT EXISTS (SELECT FROM vignette.piece WHERE piece.worker = worker.id);
RETURN QUERY SELECT tried, fresh;
END $body$;
COMMENT ON FUNCTION vignette.enlist IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.recipes(a_secret bytea) RETURNS TABLE (key text, kind text, model text, version text, settings bytea, prompts bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE 
BEGIN
PERFORM vignette.who(a_secret);
RETURN QUERY SELECT r.key, r.kind, r.model, r.version, r.settings, r.prompts
    FROM vignette.recipe r ORDER BY r.key LIMIT 1000;
END $body$;
COMMENT ON FUNCTION vignette.recipes IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.able(a_secret bytea, some_recipes text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint;
BEGIN
me := vignette.who(a_secret);
UPDATE vignette.worker SET recipes = coalesce(
        (SELECT array_agg(key) FROM vignette.recipe WHERE key = ANY (some_recipes)), '{}')
    WHERE id = me;
PERFORM pg_notify('vignette_news', '');
END $body$;
COMMENT ON FUNCTION vignette.able IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.claim(a_secret bytea, some_recipes text[], most int, most_bytes bigint) RETURNS TABLE (piece uuid, attempt bigint, recipe text, is_clip boolean, bytes bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint; room bigint;
BEGIN
me := vignette.who(a_secret);
-- Otherwise the daemon does, every ten seconds: among many workers it would be done hundreds of times a second.
IF NOT EXISTS (SELECT FROM vignette.piece WHERE worker IS NULL) THEN
    PERFORM vignette.take_back();
END IF;
IF (SELECT paused_until > clock_timestamp() FROM vignette.worker WHERE id = me) THEN RETURN; END IF;
room := least(most, 64 - (SELECT count(*) FROM vignette.piece p WHERE p.worker = me));
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
        leased_until = clock_timestamp() + interval '30 seconds'
    FROM summed s WHERE p.id = s.id AND (s.place = 1 OR s.total <= most_bytes)
    RETURNING p.id, p.attempt, p.recipe, p.is_clip, p.bytes;
END $body$;
COMMENT ON FUNCTION vignette.claim IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.pixels_of(a_secret bytea, a_piece uuid) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint;
BEGIN
me := vignette.who(a_secret);
RETURN (SELECT x.content FROM vignette.piece p JOIN vignette.pixels x ON x.piece = p.id
    WHERE p.id = a_piece AND p.worker = me);
END $body$;
COMMENT ON FUNCTION vignette.pixels_of IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.renew(a_secret bytea, some_pieces uuid[], a_doing text, a_batch int, some_seconds float8) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint;
BEGIN
me := vignette.who(a_secret);
UPDATE vignette.worker SET doing = left(regexp_replace(coalesce(a_doing, ''), '[[:cntrl:]]', ' ', 'g'), 120),
        batch = greatest(least(coalesce(a_batch, 1), 64), 1),
        seconds = CASE WHEN some_seconds > 0 AND some_seconds < 1e6 THEN some_seconds END
    WHERE id = me;
RETURN QUERY UPDATE vignette.piece
    SET leased_until = clock_timestamp() + interval '30 seconds'
    WHERE worker = me AND id = ANY (some_pieces)
        AND claimed_at > clock_timestamp() - interval '2 hours'
    RETURNING id;
END $body$;
COMMENT ON FUNCTION vignette.renew IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.answer(a_secret bytea, a_piece uuid, an_attempt bigint, a_content bytea, some_seconds float8) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint; whose bytea; isFirst boolean;
BEGIN
me := vignette.who(a_secret);
IF a_content IS NULL OR octet_length(a_content) > 8388608 THEN
    RAISE EXCEPTION 'an answer has at most 8388608 bytes' USING ERRCODE = 'VG004';
END IF;
DELETE FROM vignette.piece WHERE id = a_piece AND worker = me AND attempt = an_attempt
    RETURNING library INTO whose;
IF whose IS NULL THEN RETURN false; END IF;
-- Other commits need not wait for the disk; this one is a picture's time of work.
PERFORM set_config('synchronous_commit', 'on', true);
isFirst := NOT EXISTS (SELECT FROM vignette.answer WHERE library = whose);
INSERT INTO vignette.answer (piece, library, worker, worker_id, is_failure, content, seconds)
    SELECT a_piece, whose, name, id, false, a_content,
        CASE WHEN some_seconds >= 0 AND some_seconds < 1e6 THEN some_seconds END
        FROM vignette.worker WHERE id = me;
UPDATE vignette.worker SET done = done + 1, streak = 0, faults = 0 WHERE id = me;
IF isFirst THEN PERFORM pg_notify('vignette_news', ''); END IF;
RETURN true;
END $body$;
COMMENT ON FUNCTION vignette.answer IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.fail(a_secret bytea, a_piece uuid, an_attempt bigint, a_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint; misses int; refused bigint[]; whose bytea;
BEGIN
me := vignette.who(a_secret);
SELECT library, refused_by INTO whose, refused FROM vignette.piece
    WHERE id = a_piece AND worker = me AND attempt = an_attempt FOR UPDATE;
IF whose IS NULL THEN RETURN false; END IF;
UPDATE vignette.worker SET failed = failed + 1, streak = least(streak + 1, 1000) WHERE id = me
    RETURNING streak INTO misses;
IF misses >= 3 THEN
    UPDATE vignette.worker SET paused_until = clock_timestamp()
        + least(15 * 2 ^ least(misses - 3, 10), 3600) * interval '1 second'
        WHERE id = me;
END IF;
IF misses < 3 OR cardinality(refused) > 0 THEN
    DELETE FROM vignette.piece WHERE id = a_piece;
    INSERT INTO vignette.answer (piece, library, worker, worker_id, is_failure, content)
        SELECT a_piece, whose, name, id, true, convert_to(left(coalesce(a_reason, ''), 300), 'UTF8')
            FROM vignette.worker WHERE id = me;
    PERFORM pg_notify('vignette_news', '');
ELSE
    UPDATE vignette.piece SET worker = NULL, leased_until = NULL, refused_by = refused_by || me
        WHERE id = a_piece;
    PERFORM pg_notify('vignette_work', '');
END IF;
RETURN true;
END $body$;
COMMENT ON FUNCTION vignette.fail IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.give_back(a_secret bytea, some_pieces uuid[], is_fault boolean, a_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint; given bigint;
BEGIN
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
IF given > 0 THEN PERFORM pg_notify('vignette_work', ''); END IF;
RETURN given;
END $body$;
COMMENT ON FUNCTION vignette.give_back IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.leave(a_secret bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE me bigint; given bigint;
BEGIN
me := vignette.who(a_secret);
WITH back AS (
    UPDATE vignette.piece SET worker = NULL, leased_until = NULL WHERE worker = me RETURNING id
) SELECT count(*) INTO given FROM back;
UPDATE vignette.worker SET has_left = true, doing = '', recipes = '{}' WHERE id = me;
IF given > 0 THEN PERFORM pg_notify('vignette_work', ''); END IF;
END $body$;
COMMENT ON FUNCTION vignette.leave IS 'Vignette';
CREATE OR REPLACE FUNCTION vignette.doubt(a_worker bigint, a_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
DECLARE misses int;
BEGIN
UPDATE vignette.worker SET failed = failed + 1, streak = least(greatest(streak, 3) + 1, 1000)
    WHERE id = a_worker RETURNING streak INTO misses;
UPDATE vignette.worker SET paused_until = clock_timestamp()
        + least(15 * 2 ^ least(misses - 3, 10), 3600) * interval '1 second',
        doing = left(regexp_replace(coalesce(a_reason, ''), '[[:cntrl:]]', ' ', 'g'), 120)
    WHERE id = a_worker;
END $body$;
COMMENT ON FUNCTION vignette.doubt IS 'Vignette';
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
GRANT EXECUTE ON FUNCTION vignette.pixels_of(bytea, uuid) TO vignette_worker;
GRANT EXECUTE ON FUNCTION vignette.renew(bytea, uuid[], text, int, float8) TO vignette_worker;
GRANT EXECUTE ON FUNCTION vignette.answer(bytea, uuid, bigint, bytea, float8) TO vignette_worker;
GRANT EXECUTE ON FUNCTION vignette.fail(bytea, uuid, bigint, text) TO vignette_worker;
GRANT EXECUTE ON FUNCTION vignette.give_back(bytea, uuid[], boolean, text) TO vignette_worker;
GRANT EXECUTE ON FUNCTION vignette.leave(bytea) TO vignette_worker;
DELETE FROM vignette.version;
INSERT INTO vignette.version VALUES (1);
COMMIT;
