"""`jobplus figures` on a terminal."""

from io import StringIO

from rich.console import Console

from jobplus.tables import figures_table


def test_a_target_is_shown_with_what_was_reached_and_what_is_expected() -> None:
    figures = {
        "as_of": "2011-01-27",
        "targets": [
            {
                "year": 2011, "measure": "placed", "group": "residents", "value": 12000, "reached": 900,
                "forecast": 9400, "interval": [8000, 10800],
            },
            {
                "year": 2011, "measure": "internship_conversion_percent", "value": 71.0, "reached": None,
                "forecast": None, "interval": None,
            },
        ],
    }  # fmt: skip
    console = Console(file=StringIO(), width=120)
    console.print(figures_table(figures))
    assert isinstance(console.file, StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert [line for line in lines if line.startswith("target")] == [
        "target 2011 placed residents value 12000",
        "target 2011 placed residents reached 900",
        "target 2011 placed residents forecast 9400",
        "target 2011 placed residents interval 8000 to 10800",
        "target 2011 internship_conversion_percent value 71.0",
        "target 2011 internship_conversion_percent reached -",
        "target 2011 internship_conversion_percent forecast -",
        "target 2011 internship_conversion_percent interval -",
    ]
