"""The database: the pool, the tables of this version, rows as columns say, who leads, who is woken after a commit, and
what is deleted with age."""
