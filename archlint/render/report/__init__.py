"""Renderers of the suitability report: json, html, markdown and text from one canonical record."""
