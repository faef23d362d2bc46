"""Intake: the people and firms of the centre, and the counselling they get.

It is the only place with names, phones and birth dates. It registers seekers, member companies and counsellors,
and records counselling sessions and business launches. It listens to nothing yet, and publishes on the topics
`seekers`, `profiles` (the present profile of each seeker), `firms`, `counsellors` and `counselling`.
"""
