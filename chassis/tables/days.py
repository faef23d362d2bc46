"""Days as they are written in tables: 2010-01-28, 2010.1.28, 2010/1/28, 2010년 1월 28일.

In JSON a day is YYYY-MM-DD and nothing else. What may be meant in two ways is none: a year of two digits, a day before
its year, a bare number.
"""

import re
from datetime import date

from chassis.tables.faults import Fault

_DAY = re.compile(r"(\d{4})(?: ?([-./]) ?(\d{1,2}) ?\2 ?(\d{1,2})\.?|년 ?(\d{1,2})월 ?(\d{1,2})일)")
_FAULTS = (
    ("day_timed", re.compile(r"\d{4}\D.*\d:\d\d.*", re.DOTALL)),
    ("day_short", re.compile(r"'?\d{2}(?: ?[-./년] ?)\d{1,2}(?: ?[-./월] ?)\d{1,2}[.일]?")),
    ("day_first", re.compile(r"\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?\d{4}\.?")),
)


def day_of(cell: str) -> str | Fault:
    """Give the day that a cell holds as YYYY-MM-DD, or why it holds none."""
    found = _DAY.fullmatch(cell)
    if found is None:
        return Fault(next((what for what, form in _FAULTS if form.fullmatch(cell)), "day_bare"))
    year, month, day = (int(part) for part in (found[1], found[3] or found[5], found[4] or found[6]))
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return Fault("day_none")
