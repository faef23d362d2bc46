"""Follow-up care: what is due after a placement.

It plans the contacts with a placed seeker, announces each on its day, takes down what came of it, and says when an
employment has ended. It listens to Placed and PlacementCorrected (topic `cases`), and publishes on `followups`.
"""
