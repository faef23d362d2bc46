-- depends: followup-0007-merged
-- What came of each try to reach a seeker, what kind of job it was and how it ended, since when a seeker is off the
-- register, what a survey's answers come to, and which answers were heard before their referral.
SET lock_timeout = '5s';

-- Those that were made before this was kept have no row: `contact.attempts` counts them, too.
CREATE TABLE contact_try (
    contact_id   uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    attempt      int NOT NULL CHECK (attempt > 0),
    occurred_on  date NOT NULL,
    outcome      text NOT NULL CHECK (outcome IN ('still_employed', 'left', 'changed_job', 'not_reached')),
    satisfaction int CHECK (satisfaction BETWEEN 1 AND 5),
    PRIMARY KEY (contact_id, attempt)
);

-- As of the placement; null where it began before this was kept.
ALTER TABLE employment ADD COLUMN occupation text;
ALTER TABLE employment ADD COLUMN sector text;
ALTER TABLE employment ADD COLUMN employment text;
-- Null where it ended before this was kept.
ALTER TABLE employment ADD COLUMN end_reason text;
-- When and why the job ended that the seeker had changed to.
ALTER TABLE employment ADD COLUMN next_ended_on date;
ALTER TABLE employment ADD COLUMN next_end_reason text;

-- Null of who never left the register, or left it before this was kept.
ALTER TABLE client ADD COLUMN withdrawn_on date;

-- What the answers come to: how many are counted by what they say, the sum of their points, and how many are satisfied.
-- Those that were given before this was kept are not counted, nor those that an older version takes down.
ALTER TABLE survey ADD COLUMN scored int NOT NULL DEFAULT 0;
ALTER TABLE survey ADD COLUMN points int NOT NULL DEFAULT 0;
ALTER TABLE survey ADD COLUMN satisfied int NOT NULL DEFAULT 0;

-- Marks of referrals whose answer was heard, of one record of a person, before they were, of another one.
CREATE TABLE answered_referral (
    referral_id uuid PRIMARY KEY,
    seeker_id   uuid NOT NULL
);
CREATE INDEX answered_referral_seeker ON answered_referral (seeker_id);
