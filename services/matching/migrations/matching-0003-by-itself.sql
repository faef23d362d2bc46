-- depends: matching-0002-internships
-- What closes and ends by itself: vacancies after their last day, and open referrals to vacancies that have closed.
SET lock_timeout = '5s';

CREATE INDEX vacancy_deadline ON vacancy (deadline, vacancy_id) WHERE closed_on IS NULL AND deadline IS NOT NULL;

-- Whether a closed vacancy has left no open referral; nobody is referred to it any more.
ALTER TABLE vacancy ADD COLUMN referrals_ended boolean NOT NULL DEFAULT false;
CREATE INDEX vacancy_left_referrals ON vacancy (closed_on, vacancy_id)
    WHERE closed_on IS NOT NULL AND NOT referrals_ended;
CREATE INDEX referral_open ON referral (vacancy_id) WHERE status IN ('made', 'postponed', 'accepted');
