-- depends: intake-0009-plan-requests
-- Which invitations to surveys the evaluation office may show, to learn how a person is reached.
SET lock_timeout = '5s';

-- Only who knows an invitation can tell whose it is; rows live for SURVEY_DAYS.
CREATE TABLE survey_invitation (
    digest   text PRIMARY KEY,
    drawn_on date NOT NULL,
    kept_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX survey_invitation_kept_at ON survey_invitation USING brin (kept_at);
