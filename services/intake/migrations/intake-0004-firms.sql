-- depends: intake-0002-declared
-- Firms: city programmes, prospects, leaving and coming back, versions; and what firms plan to hire.
SET lock_timeout = '5s';

-- A prospect has not joined. A row without `status` is of a version that knows members only.
ALTER TABLE employer
    ALTER COLUMN joined_on DROP NOT NULL,
    ADD COLUMN programmes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN status     text NOT NULL DEFAULT 'member' CHECK (status IN ('prospect', 'member', 'left')),
    ADD COLUMN listed_on  date,
    ADD COLUMN left_on    date,
    ADD COLUMN version    int NOT NULL DEFAULT 1;

-- Kept for as long as the firm: figures of past years stand on them.
CREATE TABLE hiring_plan (
    plan_id          uuid PRIMARY KEY,
    employer_id      uuid NOT NULL,
    openings         int NOT NULL CHECK (openings > 0),
    occupations      text[] NOT NULL,
    hire_by          date NOT NULL,
    converts_interns boolean NOT NULL,
    filed_on         date NOT NULL,
    withdrawn_on     date
);
CREATE INDEX hiring_plan_employer ON hiring_plan (employer_id, filed_on, plan_id);
