-- depends: matching-0003-by-itself
-- Referrals that nobody answers expire.
SET lock_timeout = '5s';

ALTER TABLE referral
    DROP CONSTRAINT referral_status_check,
    ADD CONSTRAINT referral_status_check
        CHECK (status IN ('made', 'postponed', 'accepted', 'refused', 'interned', 'placed', 'obsolete', 'expired'));
CREATE INDEX referral_unanswered ON referral (made_on, referral_id) WHERE status IN ('made', 'postponed');
