-- depends: intake-0008-groups-and-courses
-- When firms were asked for their hiring plans, by whom and how, and which plan answered.
SET lock_timeout = '5s';

-- Kept for as long as the firm, as its plans are.
CREATE TABLE plan_request (
    request_id  uuid PRIMARY KEY,
    employer_id uuid NOT NULL,
    asked_on    date NOT NULL,
    asked_by    text NOT NULL,
    channel     text NOT NULL,
    plan_id     uuid,
    answered_on date,
    CHECK ((plan_id IS NULL) = (answered_on IS NULL))
);
CREATE INDEX plan_request_employer ON plan_request (employer_id, asked_on, request_id);
