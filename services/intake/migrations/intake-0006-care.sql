-- depends: intake-0002-declared
-- SOS-Care: each triage with what it found. Total care: assessments and courses. All go with their seeker.
SET lock_timeout = '5s';

CREATE TABLE sos_care_triage (
    triage_id   uuid PRIMARY KEY,
    seeker_id   uuid NOT NULL REFERENCES seeker ON DELETE CASCADE,
    occurred_on date NOT NULL,
    granted     boolean NOT NULL,
    -- the policy's first day, and what each of its conditions came to
    policy_from date NOT NULL,
    findings    jsonb NOT NULL,
    ended_on    date,
    ended_as    text CHECK (ended_as IN ('private_job', 'no_longer_in_hardship', 'withdrawn')),
    CHECK ((ended_on IS NULL) = (ended_as IS NULL) AND (granted OR ended_on IS NULL))
) WITH (fillfactor = 90);
CREATE INDEX sos_care_triage_seeker ON sos_care_triage (seeker_id, triage_id);
CREATE UNIQUE INDEX sos_care_once ON sos_care_triage (seeker_id) WHERE granted AND ended_on IS NULL;

CREATE TABLE care_assessment (
    assessment_id uuid PRIMARY KEY,
    seeker_id     uuid NOT NULL REFERENCES seeker ON DELETE CASCADE,
    occurred_on   date NOT NULL,
    answers       jsonb NOT NULL,
    stage         text NOT NULL
);
CREATE INDEX care_assessment_seeker ON care_assessment (seeker_id, assessment_id);

CREATE TABLE course (
    course_id    uuid PRIMARY KEY,
    seeker_id    uuid NOT NULL REFERENCES seeker ON DELETE CASCADE,
    course       text NOT NULL,
    hours        int NOT NULL,
    stage        text NOT NULL,
    enrolled_on  date NOT NULL,
    completed_on date CHECK (completed_on >= enrolled_on)
) WITH (fillfactor = 80);
CREATE INDEX course_seeker ON course (seeker_id, course_id);
