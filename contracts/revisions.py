"""The revision of each type's schema, if not the first; written by python -m contracts.generate."""

from collections.abc import Mapping

REVISIONS: Mapping[str, int] = {
    "jobplus.FigureCorrected": 2,
}
