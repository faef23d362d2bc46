"""SQL that tells which of the times that persons count is the first of a period: distinct persons of any period.

A person's first time in a period is the first ever, if that is in it, which a fact counts; or else the one time before
which there is none in the period, though there is one before the period. So many are added as there are times again in
the period, the time before which was before the period.
"""

_FOLLOWED = """way AS (
         SELECT merged_id, into_id FROM merged
         UNION
         SELECT w.merged_id, m.into_id FROM way w JOIN merged m ON m.merged_id = w.into_id
       ), united AS (
         SELECT merged_id AS person_id, into_id AS one FROM way WHERE into_id NOT IN (SELECT merged_id FROM merged)
       )"""

UNITED = f"""merged AS (
         SELECT person_id AS merged_id, subject AS into_id FROM person_event
         WHERE history = 'merged' AND counts AND ({{known}}::timestamptz IS NULL OR recorded_at <= {{known}})
       ), {_FOLLOWED}"""
"""Whose record another one's was found to be, as it was known at a moment: who isn't in it is only themselves."""

TIMES_AGAIN = f"""
    WITH RECURSIVE asked AS MATERIALIZED (
      SELECT unnest({{persons}}::uuid[]) AS person_id
    ), merged AS (
      SELECT person_id AS merged_id, subject AS into_id FROM asked JOIN person_event USING (person_id)
      WHERE history = 'merged' AND counts
    ), {_FOLLOWED}, known AS (
      SELECT e.* FROM asked JOIN person_event e USING (person_id) WHERE history = ANY({{histories}})
    ), ordered AS (
      SELECT history, coalesce(one, person_id) AS person_id, occurred_on, dimensions::jsonb AS dimensions,
             lag(occurred_on) OVER (PARTITION BY history, coalesce(one, person_id)
                                    ORDER BY occurred_on, recorded_at, event_id) AS previous_on
      FROM known LEFT JOIN united USING (person_id)
      WHERE counts AND (history, subject) NOT IN (SELECT history, subject FROM known WHERE NOT counts)
    )
    SELECT history, person_id, occurred_on, previous_on, dimensions FROM ordered WHERE previous_on < occurred_on"""
"""The times again of some persons in some histories, each with the day of the time before; all whom merges unite are
among the persons."""

OF_PERIOD = f"""
    SELECT occurred_on, dimensions FROM person_again
    WHERE history = {{history}} AND occurred_on BETWEEN {{first}} AND {{last}} AND previous_on < {{first}}
      AND person_id <> ALL({{persons}}::uuid[])
    UNION ALL
    SELECT occurred_on, dimensions
    FROM ({TIMES_AGAIN.format(persons="{persons}", histories="ARRAY[{history}]")}) AS since
    WHERE occurred_on BETWEEN {{first}} AND {{last}} AND previous_on < {{first}}"""
"""Those of one history that are the first in a period, of everybody: of the persons who have changed since the others'
were summed up as they are now."""
