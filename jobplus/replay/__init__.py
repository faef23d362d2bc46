"""A plan (what a period of the centre came to) read and checked, turned into a history that meets it, and compared."""
