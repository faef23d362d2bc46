"""Small pictures of the sample's charts, which charts are compared with.

    python -m tests.pages.pictures    draws them anew, into tests/pages/pictures/: look at each before it is committed

They are drawn with Debian's Noto Sans CJK (fonts-noto-cjk), since letters differ between fonts.
"""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PIL import Image, ImageChops

from chassis.words import Language
from services.reporting.drawing.charts import png, svg
from services.reporting.drawing.model import Chart
from services.reporting.pages.charts.chosen import charts
from tests.pages.sample import document

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FOLDER = Path(__file__).with_name("pictures")
SCALE = 0.5
DRAWN: tuple[tuple[str, Language], ...] = (
    ("by-month", "ko"),
    ("placed-by-occupation", "en"),
    ("placed-by-age-band", "ko"),
    ("registered-by-district", "ko"),
    ("targets", "en"),
    ("internships", "ko"),
    ("way", "ko"),
    ("retention", "en"),
)
"""Of each kind of chart one, the longest labels among them."""
LEVELS = 40
"""How far a pixel may be from what it was, of 255, before it counts as another."""
MOST_PIXELS = 12
"""So many may be others: a bar that is a fiftieth too short has more, and a column that is a tenth too short."""


def sample(name: str, language: Language) -> Chart:
    """Give a chart of the sample."""
    return charts(document(date(2010, 12, 31), 1, None), language)[name]


def picture(chart: Chart) -> Image.Image:
    """Draw a chart small and in greys."""
    return Image.open(io.BytesIO(png(svg(chart), SCALE))).convert("L")


def reference(name: str, language: Language) -> Path:
    """Give where a chart's picture is kept."""
    return FOLDER / f"{name}-{language}.png"


def others(one: Image.Image, other: Image.Image) -> int:
    """Count the pixels in which two pictures differ; all of them where they aren't of one size."""
    if one.size != other.size:
        return max(one.width * one.height, other.width * other.height)
    return sum(ImageChops.difference(one, other).histogram()[LEVELS:])


def written() -> Iterator[Path]:
    """Draw all pictures anew, and give where each went."""
    FOLDER.mkdir(exist_ok=True)
    for name, language in DRAWN:
        path = reference(name, language)
        picture(sample(name, language)).quantize(16).save(path, optimize=True)
        yield path


if __name__ == "__main__":
    for one in written():
        print(one.relative_to(Path.cwd()), one.stat().st_size)
