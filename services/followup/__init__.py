"""Follow-up care: what is due after a placement.

From `Placed` (topic `cases`) it plans the contacts with a placed seeker, announces each on its day, takes down what
came of it, and says when an employment has ended. It publishes on `followups`.
"""
