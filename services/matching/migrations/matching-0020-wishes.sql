-- depends: matching-0019-left-by-closing
-- What each in the pool wants, as rankings look at it: a row for each occupation and each district that they would work
-- in, in the order in which a vacancy preselects. The index that told who wants an occupation, in no order, is for the few
-- in SOS-Care now.
SET lock_timeout = '5s';

DROP INDEX seeker_in_pool;
CREATE INDEX seeker_in_sos_care ON seeker USING gin (wanted_occupations)
    WITH (fastupdate = off) WHERE status = 'active' AND placement_id IS NULL AND internship_id IS NULL AND sos_care;

-- Kept by triggers, whoever writes a seeker. `home`: the seeker lives there; `wanted`: it is among the wanted districts.
-- Who is in the pool since a day that nobody knows comes last, and waits since the registration.
CREATE TABLE wish (
    occupation    text NOT NULL,
    place         int NOT NULL,
    district      text NOT NULL,
    in_pool_since date NOT NULL,
    seeker_id     uuid NOT NULL,
    home          boolean NOT NULL,
    wanted        boolean NOT NULL,
    waiting_since date NOT NULL,
    employment    text[] NOT NULL,
    wage          int,
    career_years  int,
    birth_year    int NOT NULL,
    care_stage    text,
    sos_care      boolean NOT NULL,
    -- A ranking reads the index alone: hundreds of rows beside each other, not as many pages.
    PRIMARY KEY (occupation, place, district, in_pool_since, seeker_id)
        INCLUDE (home, wanted, waiting_since, employment, wage, career_years, birth_year, care_stage, sos_care)
);

CREATE FUNCTION wishes(seeker) RETURNS SETOF wish LANGUAGE sql IMMUTABLE AS $$
    SELECT occupation, place::int, district, coalesce($1.in_pool_since, 'infinity'), $1.seeker_id,
           district = $1.district, district = ANY($1.wanted_districts), coalesce($1.in_pool_since, $1.registered_on),
           $1.wanted_employment, $1.desired_wage, $1.career_years, $1.birth_year, $1.care_stage, $1.sos_care
    FROM unnest($1.wanted_occupations) WITH ORDINALITY AS wanted (occupation, place),
         (SELECT DISTINCT unnest($1.wanted_districts || $1.district)) AS there (district)
    WHERE $1.status = 'active' AND $1.placement_id IS NULL AND $1.internship_id IS NULL
$$;

CREATE FUNCTION keep_wishes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM wish
        WHERE occupation = ANY(OLD.wanted_occupations) AND place BETWEEN 1 AND cardinality(OLD.wanted_occupations)
          AND district = ANY(OLD.wanted_districts || OLD.district)
          AND in_pool_since = coalesce(OLD.in_pool_since, 'infinity') AND seeker_id = OLD.seeker_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO wish SELECT * FROM wishes(NEW);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER wishes_of_new AFTER INSERT ON seeker
    FOR EACH ROW WHEN (NEW.status = 'active') EXECUTE FUNCTION keep_wishes();
CREATE TRIGGER wishes_of_changed AFTER UPDATE ON seeker
    FOR EACH ROW WHEN ((OLD.status, OLD.placement_id, OLD.internship_id, OLD.in_pool_since, OLD.registered_on,
                        OLD.district, OLD.wanted_districts, OLD.wanted_occupations, OLD.wanted_employment,
                        OLD.desired_wage, OLD.career_years, OLD.birth_year, OLD.care_stage, OLD.sos_care)
      IS DISTINCT FROM (NEW.status, NEW.placement_id, NEW.internship_id, NEW.in_pool_since, NEW.registered_on,
                        NEW.district, NEW.wanted_districts, NEW.wanted_occupations, NEW.wanted_employment,
                        NEW.desired_wage, NEW.career_years, NEW.birth_year, NEW.care_stage, NEW.sos_care))
    EXECUTE FUNCTION keep_wishes();
CREATE TRIGGER wishes_of_gone AFTER DELETE ON seeker
    FOR EACH ROW EXECUTE FUNCTION keep_wishes();

INSERT INTO wish SELECT kept.* FROM seeker, wishes(seeker) AS kept;

-- How the last referral of each to a vacancy was refused.
CREATE INDEX referral_refused ON referral (vacancy_id, seeker_id) WHERE status = 'refused';
