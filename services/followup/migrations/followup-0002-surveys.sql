-- depends: followup-0001-contacts
-- Who was served and when, and the satisfaction surveys that ask some of them.
SET lock_timeout = '5s';

-- A row a person and day, however often they came: a period may begin and end on any day, so nothing coarser can tell
-- who was served in it. Rows are only ever added, mostly in the order of their days, so ranges of pages find a period.
CREATE TABLE served (
    person_id uuid NOT NULL,
    day       date NOT NULL,
    PRIMARY KEY (person_id, day)
);
CREATE INDEX served_day ON served USING brin (day);

-- Marks that keep an old event from bringing an erased person back.
CREATE TABLE erased_person (
    person_id uuid PRIMARY KEY
);

CREATE TABLE survey (
    survey_id   uuid PRIMARY KEY,
    occurred_on date NOT NULL,
    period_from date NOT NULL,
    period_to   date NOT NULL,
    -- how many could have been asked, were asked, and have answered
    eligible    int NOT NULL,
    asked       int NOT NULL,
    answered    int NOT NULL,
    CHECK (period_from <= period_to AND period_to <= occurred_on),
    CHECK (answered BETWEEN 0 AND asked AND asked <= eligible)
) WITH (fillfactor = 50);
CREATE INDEX survey_newest ON survey (occurred_on, survey_id);

-- What was answered is nowhere: it is counted from the events, which don't tell whose it was.
CREATE TABLE invitation (
    survey_id     uuid NOT NULL REFERENCES survey,
    invitation_id uuid NOT NULL,
    person_id     uuid NOT NULL,
    -- the first day of the calendar quarter of the survey's day: nobody is asked twice in one
    quarter       date NOT NULL,
    answered      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (survey_id, invitation_id),
    UNIQUE (person_id, quarter)
) WITH (fillfactor = 80);
