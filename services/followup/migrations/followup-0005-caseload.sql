-- depends: followup-0002-surveys
-- Whom each counsellor has, and which referrals wait for an answer.
SET lock_timeout = '5s';

-- Its columns come from topics that are read in no order among each other: null until heard of.
CREATE TABLE client (
    seeker_id     uuid PRIMARY KEY,
    counsellor_id uuid,
    assigned_on   date,
    withdrawn     boolean
) WITH (fillfactor = 90);
CREATE INDEX client_counsellor ON client (counsellor_id);

-- A row goes with the answer, or when the referral ends.
CREATE TABLE waiting_referral (
    seeker_id   uuid NOT NULL,
    referral_id uuid NOT NULL,
    made_on     date NOT NULL,
    PRIMARY KEY (seeker_id, referral_id)
);

-- Who is in work.
CREATE INDEX employment_seeker ON employment (seeker_id);
-- Whom to contact, by person.
CREATE INDEX contact_seeker ON contact (seeker_id);
