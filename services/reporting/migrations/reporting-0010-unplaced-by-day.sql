-- depends: reporting-0009-follow-ups
-- Who is unplaced on any day, without counting everyone: the days on which it changes, and sums of them by each thing that
-- a registration tells (decision 22). What was counted so far is entered here as the fold gives it; what the version
-- before still counts after this is known by a rebuild.
SET lock_timeout = '5s';

-- One more from a day on, or one less: as facts are, with the position of the event that made it known.
CREATE TABLE unplaced_change (
    position    bigint NOT NULL,
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    dimensions  jsonb NOT NULL,
    amount      int NOT NULL CHECK (amount <> 0)
);
CREATE INDEX unplaced_change_recorded_at ON unplaced_change USING brin (recorded_at);
CREATE TRIGGER unplaced_change_is_append_only BEFORE UPDATE OR DELETE ON unplaced_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of each dimension the sums add up to all, so that a day is a sum over days and codes, however many people there are.
CREATE TABLE unplaced_daily (
    dimension   text NOT NULL,
    occurred_on date NOT NULL,
    recorded_on date NOT NULL,
    code        text NOT NULL,
    amount      bigint NOT NULL,
    PRIMARY KEY (dimension, occurred_on, recorded_on, code)
) WITH (fillfactor = 80);

-- Nothing is counted meanwhile.
LOCK TABLE ledger IN SHARE MODE;
SET LOCAL enable_seqscan = on;
SET LOCAL enable_hashjoin = on;
SET LOCAL enable_mergejoin = on;

-- Who a record's person was known to be at a moment.
CREATE FUNCTION known_as(person uuid, moment timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE way AS (
      SELECT person AS one, 0 AS steps
      UNION ALL
      SELECT m.subject, steps + 1 FROM way
      JOIN person_event m ON m.person_id = way.one AND m.history = 'merged' AND m.counts AND m.recorded_at <= moment
    )
    SELECT one FROM way ORDER BY steps DESC LIMIT 1
$$;

WITH RECURSIVE pair AS (
      SELECT person_id, subject AS other FROM person_event WHERE history = 'merged'
    ), reached AS (
      SELECT person_id, person_id AS other FROM pair
      UNION
      SELECT reached.person_id, pair.other FROM reached JOIN pair ON pair.person_id = reached.other
    ), circle AS (
      SELECT person_id, min(other::text) AS circle FROM reached GROUP BY person_id
    ), told AS MATERIALIZED (
      SELECT coalesce(circle, person_id::text) AS circle, circle IS NOT NULL AS merged, e.*
      FROM person_event e LEFT JOIN circle USING (person_id)
      WHERE history IN ('registered', 'placed') OR history = 'merged' AND counts
    ), moment AS MATERIALIZED (
      SELECT circle, recorded_at AS at, lead(recorded_at) OVER (PARTITION BY circle ORDER BY recorded_at) AS next
      FROM (SELECT DISTINCT circle, recorded_at FROM told) AS one
    ), known AS MATERIALIZED (
      SELECT at, next, CASE WHEN merged THEN known_as(person_id, at) ELSE person_id END AS person, told.*
      FROM moment JOIN told USING (circle) WHERE recorded_at <= at
    ), registered AS (
      SELECT DISTINCT ON (circle, at, person) circle, at, next, person, occurred_on, dimensions
      FROM known WHERE history = 'registered'
      ORDER BY circle, at, person, occurred_on, recorded_at, event_id
    ), placed AS (
      SELECT circle, at, person, min(occurred_on) AS occurred_on FROM known p
      WHERE history = 'placed' AND counts AND NOT EXISTS (
        SELECT FROM known c WHERE c.circle = p.circle AND c.at = p.at AND c.subject = p.subject AND c.history = 'placed'
                              AND NOT c.counts)
      GROUP BY circle, at, person
    ), span AS (
      SELECT circle, at, next, r.dimensions, r.occurred_on AS first, p.occurred_on AS until
      FROM registered r LEFT JOIN placed p USING (circle, at, person)
      WHERE p.occurred_on IS NULL OR p.occurred_on > r.occurred_on
    ), changed AS (
      SELECT circle, recorded_at, occurred_on, dimensions, sum(amount) AS amount
      FROM span, LATERAL (VALUES (at, first, 1), (at, until, -1), (next, first, -1), (next, until, 1))
                 AS given (recorded_at, occurred_on, amount)
      WHERE recorded_at IS NOT NULL AND occurred_on IS NOT NULL
      GROUP BY circle, recorded_at, occurred_on, dimensions HAVING sum(amount) <> 0
    ), caused AS (
      SELECT circle, recorded_at, max(position) AS position FROM told JOIN ledger USING (event_id, recorded_at)
      GROUP BY circle, recorded_at
    )
INSERT INTO unplaced_change (position, occurred_on, recorded_at, dimensions, amount)
SELECT position, occurred_on, recorded_at, dimensions::jsonb, amount
FROM changed JOIN caused USING (circle, recorded_at) ORDER BY recorded_at, position;

DROP FUNCTION known_as;

INSERT INTO unplaced_daily (dimension, occurred_on, recorded_on, code, amount)
SELECT dimension, occurred_on, (recorded_at AT TIME ZONE 'Asia/Seoul')::date AS recorded_on,
       coalesce(dimensions ->> dimension, 'unknown') AS code, sum(amount)
FROM unplaced_change, unnest('{wanted_occupation,age_band,gender,district,income_band,programme,breadwinner}'::text[])
                      AS dimension
GROUP BY dimension, occurred_on, recorded_on, code HAVING sum(amount) <> 0
ORDER BY dimension, occurred_on, recorded_on, code;
