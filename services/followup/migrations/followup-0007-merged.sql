-- depends: followup-0005-caseload followup-0006-support
-- Which records were merged into another, who is at an internship, and which counsellors have left.
SET lock_timeout = '5s';

-- A row a record that was given up. All other rows keep the id that they came with, and whoever reads a person's takes
-- those of every record of theirs: so what is heard of one late is theirs, too.
CREATE TABLE merged_person (
    merged_id uuid PRIMARY KEY,
    -- the record that stays, never one that was itself given up
    seeker_id uuid NOT NULL
);
CREATE INDEX merged_person_seeker ON merged_person (seeker_id);

-- Its start and its end may come under two records of one person, which are read in no order: a row stays.
CREATE TABLE internship (
    internship_id uuid PRIMARY KEY,
    seeker_id     uuid NOT NULL,
    -- null while it is being served
    ended_on      date
) WITH (fillfactor = 80);
CREATE INDEX internship_seeker ON internship (seeker_id);

-- A row a counsellor out of service, who comes back as another one.
CREATE TABLE former_counsellor (
    counsellor_id uuid PRIMARY KEY
);
