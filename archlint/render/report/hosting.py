"""Links to a file on the repo's host, where the host is known."""

from __future__ import annotations

from urllib.parse import quote

from archlint.model.suitability import Origin


def file_url(origin: Origin, path: str, line: int = 0) -> str:
    """The address of a file (and line) on the host, "" where the host is not known."""
    if not origin.blob or not path or path.startswith("/"):
        return ""
    anchor = f"#{'lines-' if 'bitbucket' in origin.blob else 'L'}{line}" if line > 0 else ""
    return f"{origin.blob}/{quote(path)}{anchor}"
