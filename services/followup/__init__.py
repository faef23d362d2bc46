"""Follow-up care: what is due after a placement, and how content those are whom the centre serves.

It plans the contacts with a placed seeker, announces each on its day, takes down what came of each try, and says when
an employment has ended and why; it publishes that on `followups`, and shows it by the placement and by the seeker. It
notes who was served and who declined surveys, draws the samples of the evaluation office's surveys from those who
didn't, takes down the answers, and shows what they come to; it publishes on `surveys`, never who answered. Of who is in
a public job under SOS-Care it says when each month's support is due. It knows each counsellor's clients from events,
and lists what is to be done for them, and which contacts are left without a counsellor. It listens to `cases`,
`counselling`, `counsellors` and `seekers`, and to its own `followups`.
"""
