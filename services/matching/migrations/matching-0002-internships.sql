-- depends: matching-0001-vacancies-to-placements
-- Youth internships, and jobs that seekers found alone.
SET lock_timeout = '5s';

-- Whether the employer plans to make interns permanent.
ALTER TABLE vacancy ADD COLUMN converts boolean NOT NULL DEFAULT false;

-- The internship that runs, and the completed one that can still be converted.
ALTER TABLE seeker
    ADD COLUMN internship_id uuid,
    ADD COLUMN convertible_id uuid;

ALTER TABLE referral
    DROP CONSTRAINT referral_status_check,
    ADD CONSTRAINT referral_status_check
        CHECK (status IN ('made', 'postponed', 'accepted', 'refused', 'interned', 'placed', 'obsolete'));

-- A seeker's internships are locked by the seeker's row.
CREATE TABLE internship (
    internship_id uuid PRIMARY KEY,
    referral_id   uuid NOT NULL UNIQUE,
    seeker_id     uuid NOT NULL,
    vacancy_id    uuid NOT NULL,
    started_on    date NOT NULL,
    status        text NOT NULL CHECK (status IN ('running', 'broken_off', 'completed', 'converted')),
    ended_on      date CHECK (ended_on >= started_on),
    broken_off_by text CHECK (broken_off_by IN ('intern', 'employer')),
    placement_id  uuid,
    CHECK ((status = 'running') = (ended_on IS NULL)),
    CHECK ((status = 'broken_off') = (broken_off_by IS NOT NULL)),
    CHECK ((status = 'converted') = (placement_id IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX internship_runs_once ON internship (seeker_id) WHERE status = 'running';

-- A job that a seeker found alone has no referral and no vacancy here.
ALTER TABLE placement
    ALTER COLUMN referral_id DROP NOT NULL,
    ALTER COLUMN vacancy_id DROP NOT NULL,
    ADD COLUMN source text NOT NULL DEFAULT 'referral' CHECK (source IN ('referral', 'internship', 'self_found')),
    ADD CHECK ((source = 'self_found') = (referral_id IS NULL)),
    ADD CHECK ((source = 'self_found') = (vacancy_id IS NULL));
