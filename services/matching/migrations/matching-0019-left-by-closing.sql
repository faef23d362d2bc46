-- depends: matching-0018-answers
-- Referrals that outlast the closing of their vacancy, for a time.
SET lock_timeout = '5s';

-- `vacancy_closed_on`: null while the vacancy is open. Those that ended by a closing before this stay ended: that was
-- published.
ALTER TABLE referral
    ADD COLUMN vacancy_closed_on date,
    DROP CONSTRAINT referral_status_check,
    ADD CONSTRAINT referral_status_check
        CHECK (status IN ('made', 'postponed', 'accepted', 'refused', 'interned', 'placed', 'withdrawn', 'obsolete',
                          'expired', 'lapsed'));
CREATE INDEX referral_left_by_closing ON referral (vacancy_closed_on, referral_id)
    WHERE status IN ('postponed', 'accepted');
