"""Says what of the contracts would break who reads them, against all that was released (contracts/released).

`python -m contracts.compatible` names each file, place and reason, and what to do; `--release` takes down the contracts
as they are as the next release. Needs PyYAML, and oasdiff for the HTTP interfaces, which the services don't.
"""
