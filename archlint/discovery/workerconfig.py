"""What Cloudflare's configuration (``wrangler.toml``, ``wrangler.json``) says is deployed."""

from __future__ import annotations

import posixpath

from archlint.model.pattern import lazy_regex

_NAMES = ("wrangler.toml", "wrangler.json", "wrangler.jsonc")
_MAIN = lazy_regex(r"""(?m)^\s*"?main"?\s*[=:]\s*["']([^"'\n]{1,300})["']""")


def worker_main(root: str, documents: dict[str, str]) -> str:
    """The file that a package deploys as a worker, relative to the package; "" for none."""
    for name in _NAMES:
        match = _MAIN.search(documents.get(posixpath.join(root, name), ""))
        if match is not None:
            return match.group(1)
    return ""
