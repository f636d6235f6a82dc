"""Renderers of the suitability report: json, html, markdown and text from one canonical record."""

from __future__ import annotations

from archlint.model.errors import ArchlintError
from archlint.model.suitability import SuitabilityReport, encode_report

FORMATS = ("html", "json", "markdown", "text")


def render_report(report: SuitabilityReport, form: str) -> str:
    """The report in one of ``FORMATS``; raises ArchlintError for any other."""
    if form == "json":
        return encode_report(report).decode("ascii")
    if form == "html":
        from archlint.render.report.html import render_html

        return render_html(report)
    if form == "markdown":
        from archlint.render.report.markdown import render_markdown

        return render_markdown(report)
    if form == "text":
        from archlint.render.report.text import render_text

        return render_text(report)
    raise ArchlintError(f"{form!r} is no report format (there are {', '.join(FORMATS)})")
