"""Writes what is generated from the event models: asyncapi.yaml, a JSON Schema a type, the README's table of topics;
and a first sample of an event that has none, which is edited by hand from then on.

`python -m contracts.generate` writes the files; with `--check` it only names those that are out of date. Needs
PyYAML, which the services don't.
"""
