-- depends: matching-0005-care
-- The field discovery team's visits: what firms plan to hire, whom their plans could take, and what came of it; and
-- employers who leave.
SET lock_timeout = '5s';

-- `vacancies_closed`: whether one who left has no open vacancy any more.
ALTER TABLE employer
    ADD COLUMN left_on          date,
    ADD COLUMN vacancies_closed boolean NOT NULL DEFAULT false;
CREATE INDEX employer_left ON employer (left_on, employer_id) WHERE left_on IS NOT NULL AND NOT vacancies_closed;

ALTER TABLE vacancy ADD COLUMN visit_id uuid;
CREATE INDEX vacancy_employer ON vacancy (employer_id, opened_on, vacancy_id);
CREATE INDEX vacancy_newest ON vacancy (opened_on, vacancy_id);

-- By the year that had ended: the occupations with the most unplaced seekers, and how many of each.
CREATE TABLE unplaced_of_year (
    year     int PRIMARY KEY,
    unplaced jsonb NOT NULL
);

-- A firm that is a prospect or has filed a hiring plan, with its plans that were not withdrawn, by their id.
-- `looked_for` is the year for which its plans were looked at last; 0 while a plan is new.
CREATE TABLE planning_firm (
    employer_id uuid PRIMARY KEY,
    district    text NOT NULL,
    plans       jsonb NOT NULL,
    looked_for  int NOT NULL
);
CREATE INDEX planning_firm_looked ON planning_firm (looked_for, employer_id);

-- `year` is the list's, or the visit's where the firm was on none. Kept: vacancies and placements name their visit.
CREATE TABLE visit (
    visit_id        uuid PRIMARY KEY,
    employer_id     uuid NOT NULL,
    year            int NOT NULL,
    district        text,
    due_on          date,
    openings        int,
    score           int,
    made_on         date,
    officials       int NOT NULL DEFAULT 0,
    counsellors     uuid[] NOT NULL DEFAULT '{}',
    vacancies_found int NOT NULL DEFAULT 0,
    plan_id         uuid,
    CHECK (due_on IS NOT NULL OR made_on IS NOT NULL),
    CHECK ((due_on IS NULL) = (score IS NULL) AND (due_on IS NULL) = (openings IS NULL))
);
CREATE INDEX visit_due ON visit (year, score DESC, visit_id) WHERE made_on IS NULL;
CREATE INDEX visit_employer ON visit (employer_id, year);
CREATE INDEX visit_made ON visit (made_on, visit_id) WHERE made_on IS NOT NULL;
