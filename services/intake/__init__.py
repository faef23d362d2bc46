"""Intake: the people and firms of the centre, and the counselling they get.

It is the only place with names, phones and birth dates. It registers seekers, member companies and counsellors, gives
each seeker a counsellor of their client group, and records counselling sessions and business launches. It takes down
what seekers agreed to and who read their data, merges records that are one person's, and erases. It decides who is in
SOS-Care, and keeps the stages of total care. It listens to placements, as a private job ends SOS-Care, and to surveys,
as the evaluation office may learn how those are reached whom they ask. It publishes on the topics `seekers`, `profiles`
(the present profile of each seeker), `firms`, `counsellors` and `counselling`.
"""
