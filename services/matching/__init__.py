"""Matching: who fits what, from a vacancy's opening to a placement.

It owns vacancies, the pool of seekers who can be referred, referrals, internships and placements, so that openings,
answers and the pool change in one transaction. It listens to `profiles` (who is in the pool, and by which record),
`firms` (who may open a vacancy, and what firms plan to hire), `counsellors` (who visits firms), EmploymentEnded (who is
back in the pool) and UnplacedOccupationsPublished (where visits go first), and publishes on the topics `vacancies`,
`cases` and `visits`.
"""
