"""A release as a report for the press: two pages, as PDF that screen readers read, in Korean or English."""

from services.reporting.pages.press.report import as_press_report
from services.reporting.pages.press.typeset import NotTypeset

__all__ = ["NotTypeset", "as_press_report"]
