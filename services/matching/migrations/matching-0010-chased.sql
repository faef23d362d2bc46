-- depends: matching-0005-care
-- Referrals that nobody answers are chased before they expire, and any open one may be withdrawn.
SET lock_timeout = '5s';

-- The last step at which the answer was asked for, 0 for none.
ALTER TABLE referral
    ADD COLUMN chased smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT referral_status_check,
    ADD CONSTRAINT referral_status_check
        CHECK (status IN ('made', 'postponed', 'accepted', 'refused', 'interned', 'placed', 'withdrawn', 'obsolete',
                          'expired'));
CREATE INDEX referral_to_chase ON referral (chased, made_on, referral_id) WHERE status IN ('made', 'postponed');
