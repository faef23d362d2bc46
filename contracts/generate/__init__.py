"""Writes what is generated from the event models: contracts/asyncapi.yaml, and a JSON Schema a type.

`python -m contracts.generate` writes the files; with `--check` it only names those that are out of date. Needs
PyYAML, which the services don't.
"""
