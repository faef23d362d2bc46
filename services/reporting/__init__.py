"""Reporting: the ledger of all events, and the figures that are published from it.

It reads every topic but the compacted `profiles`, which tells no fact. Each event goes into the ledger, which
nothing can change, and becomes facts; a figure at a date is a sum of facts. The city's targets are set here, and
compared with them.
"""
