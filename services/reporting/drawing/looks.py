"""How charts look: KRDS's colours and type, in px."""

WIDTH = 640
"""Of every chart."""
FONTS = (
    "Pretendard GOV, Pretendard, Apple SD Gothic Neo, Malgun Gothic, Noto Sans KR, Noto Sans CJK KR, NanumGothic, "
    "sans-serif"
)
"""What the pages are set in; the first that is there sets the letters, where the chart is looked at."""

TITLE, TEXT, SMALL, TINY = 18, 13, 12, 11

INK = "#1e2124"
QUIET = "#464c53"
LINES = "#cdd1d5"
NOW = "#0b50d0"
BEFORE = "#8a949e"
EXPECTED = "#b0480a"
"""A year beside the one before it, and a forecast: each stands out from white by 3 to 1 at least, and the first two by
their lightness alone, for whoever sees no colours."""
SHADES = ("#ecf2fe", "#b1cefb", "#256ef4", "#083891", "#052561")
LIGHT_ON = 2
"""The first of the shades on which letters are white."""

BAR_STEP, SERIES_STEP = 26, 20
PANEL_GAP = 18
AROUND = 108
"""What title, subtitle, source and margins take of the height."""
TILE_WIDTH, TILE_HEIGHT = 88, 52
COLUMNS_HEIGHT = 120
