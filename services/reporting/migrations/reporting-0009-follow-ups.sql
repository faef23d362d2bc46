-- depends: reporting-0008-unplaced-anew
-- What follow-up care tells of a placement has a column of its own, beside what the placement is counted by.
SET lock_timeout = '5s';

ALTER TABLE person_event ADD COLUMN follow_up jsonb;

CREATE FUNCTION follow_up_in(told jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'said', told -> 'said', 'step', told -> 'step', 'due_on', told -> 'due_on',
        'unasked', CASE WHEN told ? 'unasked' THEN (
            SELECT coalesce(jsonb_agg(jsonb_build_object('step', split_part(one, '=', 1),
                                                         'due_on', split_part(one, '=', 2)) ORDER BY place), '[]')
            FROM string_to_table(told ->> 'unasked', ' ') WITH ORDINALITY AS given (one, place)) END))
$$;

-- The version before may go on for a while: what it counts is brought over as it is written.
CREATE FUNCTION bring_follow_up_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.follow_up := follow_up_in(NEW.dimensions::jsonb);
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up_of_the_version_before BEFORE INSERT ON person_event
    FOR EACH ROW WHEN (NEW.history = 'retention' AND NEW.counts AND NEW.follow_up IS NULL)
    EXECUTE FUNCTION bring_follow_up_over();

-- Their dimensions stay as they are, since the version before reads what was said there; a rebuild writes them without.
UPDATE person_event SET follow_up = follow_up_in(dimensions::jsonb) WHERE history = 'retention' AND counts;
