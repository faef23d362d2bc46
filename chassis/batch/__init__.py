"""The batch: commands are decided together, each by a pure rule, on states loaded under their locks; and what is known
of them by name, so that nothing is done twice."""
