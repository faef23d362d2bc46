-- depends: matching-0005-care
-- Who has a public job under SOS-Care stays in the pool for private vacancies.
SET lock_timeout = '5s';

-- The placement is a public, fixed-term or public-works job that the person took while in SOS-Care.
ALTER TABLE seeker ADD COLUMN in_public_job boolean NOT NULL DEFAULT false;
CREATE INDEX seeker_in_public_job ON seeker USING gin (wanted_occupations)
    WITH (fastupdate = off) WHERE status = 'active' AND in_public_job;

-- Why a referral was made before total care's stage allows it.
ALTER TABLE referral ADD COLUMN override text;
