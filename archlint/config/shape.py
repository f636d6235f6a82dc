"""Checking plain data against the types of the configuration: one problem, where it is, a hint."""

from __future__ import annotations

import datetime
import difflib
from typing import Any

import msgspec
from msgspec import inspect

from archlint.config.lines import KeyPath


class Misshapen(Exception):  # noqa: N818 (told and handled, no mistake)
    """The first thing that is wrong: its key path and a reason; ``needle`` is text to point at."""

    def __init__(self, path: KeyPath, reason: str, needle: str = "") -> None:
        """Keep the parts; the caller knows the file."""
        super().__init__(reason)
        self.path = path
        self.reason = reason
        self.needle = needle


def check_shape(value: Any, kind: type[msgspec.Struct]) -> None:
    """Raise Misshapen unless ``value`` can be converted to ``kind``."""
    _check(value, inspect.type_info(kind), ())


def normalised(value: Any) -> Any:
    """The data with dates as ISO text, as JSON would have them."""
    if isinstance(value, dict):
        return {key: normalised(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value


def near(name: str, known: list[str]) -> str:
    """A hint at the nearest known name, or at all when they are few."""
    close = difflib.get_close_matches(name, known, 1, 0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(known)}" if 0 < len(known) <= 12 else "see `archlint config schema`"


def _check(value: Any, kind: inspect.Type, path: KeyPath) -> None:
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        _check_union(value, kind, path)
    elif isinstance(kind, inspect.StructType):
        _check_struct(value, kind, path)
    elif isinstance(kind, inspect.DictType):
        _expect(value, dict, "a table", path)
        for key, item in value.items():
            _check(item, kind.value_type, (*path, key))
    elif isinstance(kind, inspect.VarTupleType | inspect.ListType):
        _expect(value, list, "a list", path)
        for index, item in enumerate(value):
            _check(item, kind.item_type, (*path, index))
    elif isinstance(kind, inspect.LiteralType):
        _choice(value, [str(item) for item in kind.values], path)
    elif isinstance(kind, inspect.EnumType):
        _choice(value, [str(item.value) for item in kind.cls], path)
    else:
        _check_scalar(value, kind, path)


def _check_scalar(value: Any, kind: inspect.Type, path: KeyPath) -> None:
    if isinstance(kind, inspect.StrType):
        _expect(value, str, "a string", path)
    elif isinstance(kind, inspect.BoolType):
        _expect(value, bool, "true or false", path)
    elif isinstance(kind, inspect.IntType):
        if isinstance(value, bool):
            raise Misshapen(path, f"expected a whole number, got {_name(value)}")
        _expect(value, int, "a whole number", path)
        if value < 0 and kind.ge == 0:
            raise Misshapen(path, "expected a whole number from 0 on")


def _check_union(value: Any, kind: inspect.UnionType, path: KeyPath) -> None:
    problem: Misshapen | None = None
    for option in kind.types:
        if isinstance(option, inspect.NoneType):
            continue
        try:
            _check(value, option, path)
            return
        except Misshapen as found:
            problem = problem if problem and len(problem.path) >= len(found.path) else found
    if problem is not None:
        raise problem


def _check_struct(value: Any, kind: inspect.StructType, path: KeyPath) -> None:
    _expect(value, dict, "a table", path)
    fields = {field.encode_name: field for field in kind.fields}
    for key, item in value.items():
        if key not in fields:
            hint = near(key, sorted(fields))
            raise Misshapen((*path, key), f"unknown key {key!r}: {hint}", key)
        _check(item, fields[key].type, (*path, key))
    for name, field in fields.items():
        if field.required and name not in value:
            raise Misshapen(path, f"the key {name!r} is missing")


def _choice(value: Any, known: list[str], path: KeyPath) -> None:
    _expect(value, str, "a string", path)
    if value not in known:
        close = difflib.get_close_matches(value, known, 1, 0.6)
        hint = f"did you mean {close[0]!r}?" if close else f"one of {', '.join(known)}"
        raise Misshapen(path, f"unknown value {value!r}: {hint}", value)


def _expect(value: Any, kind: type, what: str, path: KeyPath) -> None:
    if not isinstance(value, kind):
        raise Misshapen(path, f"expected {what}, got {_name(value)}")


def _name(value: Any) -> str:
    names = {dict: "a table", list: "a list", str: "a string", bool: "a boolean", int: "a number"}
    return names.get(type(value), type(value).__name__)
