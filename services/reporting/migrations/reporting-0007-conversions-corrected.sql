-- depends: reporting-0006-registered-and-placed
-- A correction of a placement takes out the conversion that it came of. Those counted so far enter what is known of their
-- persons; one that the version before still counts after this is known by a rebuild.
SET lock_timeout = '5s';

-- Nothing is counted meanwhile.
LOCK TABLE ledger IN SHARE MODE;

INSERT INTO person_event (person_id, history, recorded_at, event_id, subject, counts, occurred_on, dimensions)
SELECT (told ->> 'seeker_id')::uuid, f.measure, f.recorded_at, l.event_id, (told ->> 'placement_id')::uuid, true,
       f.occurred_on,
       (SELECT '{' || string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C") || '}'
        FROM jsonb_each(f.dimensions))
FROM fact f JOIN ledger l USING (position), LATERAL (SELECT convert_from(l.data, 'UTF8')::jsonb AS told) AS event
WHERE f.measure = 'internships_converted' AND l.type = 'jobplus.InternshipConverted';
