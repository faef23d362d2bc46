-- depends: chassis-0001-ground
-- Known employers, vacancies, the pool, referrals and placements.
SET lock_timeout = '5s';

-- Members, by what the topic `firms` told of them.
CREATE TABLE employer (
    employer_id uuid PRIMARY KEY,
    joined_on   date NOT NULL
);

CREATE TABLE vacancy (
    vacancy_id  uuid PRIMARY KEY,
    employer_id uuid NOT NULL,
    title       text NOT NULL,
    occupation  text NOT NULL,
    openings    int NOT NULL,
    placed      int NOT NULL CHECK (placed BETWEEN 0 AND openings),
    sector      text NOT NULL,
    employment  text NOT NULL,
    wage        int,
    district    text NOT NULL,
    deadline    date,
    opened_on   date NOT NULL,
    closed_on   date,
    closed_as   text CHECK (closed_as IN ('filled', 'expired', 'withdrawn')),
    CHECK ((closed_on IS NULL) = (closed_as IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX vacancy_open ON vacancy (occupation, opened_on) WHERE closed_on IS NULL;

-- Seekers by their present profile. One who was erased keeps a row without a profile, so that an old event
-- brings nobody back.
CREATE TABLE seeker (
    seeker_id          uuid PRIMARY KEY,
    status             text CHECK (status IN ('active', 'withdrawn')),
    registered_on      date,
    birth_year         int,
    gender             text,
    district           text,
    wanted_occupations text[],
    wanted_districts   text[],
    wanted_employment  text[],
    desired_wage       int,
    career_years       int,
    education          text,
    in_pool_since      date,
    placement_id       uuid
) WITH (fillfactor = 80);
CREATE INDEX seeker_in_pool ON seeker USING gin (wanted_occupations)
    WITH (fastupdate = off) WHERE status = 'active' AND placement_id IS NULL;

-- A seeker's referrals are locked by the seeker's row.
CREATE TABLE referral (
    referral_id uuid PRIMARY KEY,
    seeker_id   uuid NOT NULL,
    vacancy_id  uuid NOT NULL,
    employer_id uuid NOT NULL,
    occupation  text NOT NULL,
    made_on     date NOT NULL,
    status      text NOT NULL
                CHECK (status IN ('made', 'postponed', 'accepted', 'refused', 'placed', 'obsolete')),
    answer      text,
    reason      text
) WITH (fillfactor = 80);
CREATE INDEX referral_seeker ON referral (seeker_id);
CREATE UNIQUE INDEX referral_open_once ON referral (seeker_id, vacancy_id)
    WHERE status IN ('made', 'postponed', 'accepted');

CREATE TABLE placement (
    placement_id uuid PRIMARY KEY,
    referral_id  uuid NOT NULL UNIQUE,
    seeker_id    uuid NOT NULL,
    vacancy_id   uuid NOT NULL,
    occurred_on  date NOT NULL,
    wage         int
);
CREATE INDEX placement_seeker ON placement (seeker_id);
