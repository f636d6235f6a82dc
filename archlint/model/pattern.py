"""Regular expressions that are compiled when they are first used: start-up time counts."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, cast


class _Lazy:
    """Stands for a compiled pattern; what is used of it once is an attribute from then on."""

    def __init__(self, source: Any, flags: int) -> None:
        self._source = source
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[Any]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


def lazy_regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern that ``re.compile`` would give, compiled at its first use.

    For constants of modules: an invalid source raises ``re.error`` at the first use.
    """
    return cast("re.Pattern[AnyStr]", _Lazy(source, flags))
