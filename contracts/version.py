"""The version of the event language, and of the package `jobplus-contracts` that holds it.

Of three numbers, counted from the last release: the first is raised when a stable type ends, the second when a type, an
optional field or a code joins, or a draft changes, the third when nothing but texts or this code's own faults changed.
`python -m contracts.compatible` holds it against what changed, and a release against CHANGELOG.md.
"""

VERSION = "1.1.0"
