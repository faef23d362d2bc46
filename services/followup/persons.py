"""All records of a person, for whoever reads what is kept under any of them."""


def records_of(named: str) -> str:
    """Write the query for the ids of all records of a person, whom a parameter of the statement names by one of them:
    by the record that stays, or by one that was given up for it."""
    stays = f"coalesce((SELECT seeker_id FROM merged_person WHERE merged_id = {named}::uuid), {named}::uuid)"
    return f"SELECT {stays} UNION ALL SELECT merged_id FROM merged_person WHERE seeker_id = {stays}"
