-- depends: matching-0010-chased matching-0008-visits
-- A firm that left keeps its hiring plans, which count again when it is back.
SET lock_timeout = '5s';

-- Whether the firm is neither a member nor a prospect. Of those that left before this, no plan was kept.
ALTER TABLE planning_firm ADD COLUMN has_left boolean NOT NULL DEFAULT false;
