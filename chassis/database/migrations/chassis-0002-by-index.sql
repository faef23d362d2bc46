-- depends: chassis-0001-ground
-- How the service's statements are planned: by index, row by row. Plans are kept, and one made while a table is still
-- small would otherwise read the whole table for as long as it takes autovacuum to look at it again. It is the role's
-- default in this database, since a pool in front of PostgreSQL passes on no settings of a connection.
DO $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit'] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %s = off', current_user, current_database(), setting);
    END LOOP;
END
$$;
