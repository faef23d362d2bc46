-- depends: matching-0012-merged
-- Placements that never were, referrals that were postponed, and internships by their day.
SET lock_timeout = '5s';

-- When and why it was found that it never was; and the completed internship that could be converted until then.
ALTER TABLE placement
    ADD COLUMN convertible_id uuid,
    ADD COLUMN corrected_on   date,
    ADD COLUMN correction     text,
    ADD CHECK ((corrected_on IS NULL) = (correction IS NULL));

-- The day of the last postponement, from which the answer is awaited anew.
ALTER TABLE referral ADD COLUMN postponed_on date;
DROP INDEX referral_to_chase;
CREATE INDEX referral_to_chase ON referral (chased, coalesce(postponed_on, made_on), referral_id)
    WHERE status IN ('made', 'postponed');

CREATE INDEX internship_started ON internship (started_on, internship_id);
