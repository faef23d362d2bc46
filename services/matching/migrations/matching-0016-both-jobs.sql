-- depends: matching-0015-field-discovery
-- Firms that are scored once more, both jobs of a person whose records were merged, since when somebody was in the pool
-- before a placement that never was, and the occupations of internships.
SET lock_timeout = '5s';

-- The version before 0015 may have kept a later version of the unplaced without saying so, and gone by it for some.
ALTER TABLE planning_firm ALTER COLUMN looked_by SET DEFAULT 0;
UPDATE planning_firm SET looked_by = 0;

-- `other_jobs`: by placement that a merge brought beside `placement_id`, and that has not ended, whether it is a public
-- job under SOS-Care; null for none. `back_from`: the placement whose end was the last entry into the pool.
ALTER TABLE seeker
    ADD COLUMN other_jobs jsonb,
    ADD COLUMN back_from  uuid;

-- The vacancy's, which never changes; null where the version before began it.
ALTER TABLE internship ADD COLUMN occupation text;
UPDATE internship SET occupation = vacancy.occupation FROM vacancy WHERE vacancy.vacancy_id = internship.vacancy_id;

-- Since when the seeker was in the pool before it; null for those from before this.
ALTER TABLE placement ADD COLUMN in_pool_since date;
