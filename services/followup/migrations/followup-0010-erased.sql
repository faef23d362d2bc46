-- depends: followup-0009-consents
-- Nothing is kept of who was erased, also where it was heard of just before.
SET lock_timeout = '5s';

DELETE FROM survey_consent WHERE person_id IN (SELECT person_id FROM erased_person);
DELETE FROM merged_person WHERE merged_id IN (SELECT person_id FROM erased_person)
                             OR seeker_id IN (SELECT person_id FROM erased_person);
DELETE FROM waiting_referral WHERE seeker_id IN (SELECT person_id FROM erased_person);
DELETE FROM answered_referral WHERE seeker_id IN (SELECT person_id FROM erased_person);
DELETE FROM internship WHERE seeker_id IN (SELECT person_id FROM erased_person);
