-- depends: reporting-0001-ledger-and-figures
-- The placed are rolled up by more of what their placement tells: their rollup is made anew from the facts.
SET lock_timeout = '5s';

-- Nothing is counted meanwhile; the version before may go on after it, and reads the rows as well.
LOCK TABLE ledger IN SHARE MODE;

DELETE FROM daily WHERE measure IN ('placed', 'placed_in_year');
INSERT INTO daily (measure, occurred_on, recorded_on, dimensions, amount)
SELECT measure, occurred_on, (recorded_at AT TIME ZONE 'Asia/Seoul')::date AS recorded_on,
       jsonb_strip_nulls(jsonb_build_object(
           'occupation', dimensions -> 'occupation', 'age_band', dimensions -> 'age_band',
           'source', dimensions -> 'source', 'sector', dimensions -> 'sector',
           'employment', dimensions -> 'employment', 'wanted', dimensions -> 'wanted')) AS rolled,
       sum(amount)
FROM fact WHERE measure IN ('placed', 'placed_in_year')
GROUP BY measure, occurred_on, recorded_on, rolled;
