"""Kafka, PostgreSQL and the four services on a bare machine, each as its own detached process.

`local.Stack` is the way in, for the command line and for tests and benchmarks. `processes` is the table of
what runs and on which ports; everything that a stack keeps lies in its `home`.
"""
