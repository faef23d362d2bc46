"""Faults under load: what breaks is injected while commands go on, and afterwards an independent history is compared
with what the services show. `python -m tests.faults` runs it; docs/guarantees.md says what is tried and checked."""
