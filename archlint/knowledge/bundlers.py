"""Which files configure a bundler: they may define import aliases."""

from __future__ import annotations

from archlint.model.pattern import lazy_regex

_CONFIG = lazy_regex(
    r"(^|/)((webpack|vite|vitest|vue|rollup|rspack|rsbuild|craco|next|nuxt|quasar|electron\.vite)"
    r"[\w.-]*\.config|webpack[\w.-]*|babel\.config|\.babelrc|svelte\.config)\.[cm]?[jt]s$"
)


def is_bundler_config(path: str) -> bool:
    """Whether a path is that of a bundler's configuration."""
    return _CONFIG.search(path) is not None


_PACKS = lazy_regex(r"(^|/)(?:webpack|rspack)[\w.-]*\.[cm]?[jt]s$")


def lists_entries(path: str) -> bool:
    """Whether a path is that of a configuration whose ``entry`` names what is packed."""
    return _PACKS.search(path) is not None
