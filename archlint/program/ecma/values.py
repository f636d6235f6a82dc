"""What an expression can evaluate to: small frozen values, compared by what they are.

An expression evaluates to a tuple of values (several when it depends on the run, none when nothing
is known). ``path`` is the file that defines the value.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TypeAlias

import msgspec


class _Value(msgspec.Struct, frozen=True, gc=False, array_like=True, tag_field="k"):
    """Base of values."""


class FunctionValue(_Value, frozen=True, tag=1):
    """A function of the repo: index into ``FileFacts.functions``."""

    path: str
    index: int


class ClassValue(_Value, frozen=True, tag=2):
    """A class of the repo itself (its statics): index into ``FileFacts.classes``."""

    path: str
    index: int


class InstanceValue(_Value, frozen=True, tag=3):
    """An instance of a class, or of a constructor function (``of_function``).

    ``exact`` is False when a subclass's instance may stand here (``this``, a declared type).
    """

    path: str
    index: int
    exact: bool = False
    of_function: bool = False


class ObjectValue(_Value, frozen=True, tag=4):
    """An object literal: ``at`` is where it stands."""

    path: str
    at: int


class ModuleValue(_Value, frozen=True, tag=5):
    """A module's namespace, or its CommonJS ``exports``."""

    path: str


class TypeValue(_Value, frozen=True, tag=6):
    """Something of a declared interface or object type: index into ``FileFacts.types``."""

    path: str
    index: int


class ExternalValue(_Value, frozen=True, tag=7):
    """Something of the outside world: a canonical name (``npm:express().get``).

    ``made`` tells tracked values (routers, emitters) apart: (path, offset) of their creation.
    """

    name: str
    made: tuple[str, int] | None = None


class LiteralValue(_Value, frozen=True, tag=8):
    """A literal: ``kind`` is string, number, bool, null, regex, undefined, template or path.

    A template's unknown parts show as ``*`` in ``text``; a path is absolute from the repo's root.
    """

    kind: str
    text: str


class ListValue(_Value, frozen=True, tag=9):
    """An array, set, map or iterator: ``items`` are its known elements, in no position."""

    items: tuple[Value, ...]


class PromiseValue(_Value, frozen=True, tag=10):
    """A promise of the repo's own making; ``items`` is what it may resolve to."""

    items: tuple[Value, ...]


class SignatureValue(_Value, frozen=True, tag=11):
    """A declared method of an interface or object type (no body): type index and member name."""

    path: str
    index: int
    name: str


class FolderValue(_Value, frozen=True, tag=12):
    """A folder whose modules a directory loader gives by name.

    ``instances``: of a class an instance; ``member``: of a module what has this name.
    """

    path: str
    instances: bool = False
    member: str = ""


Value: TypeAlias = (
    FunctionValue
    | ClassValue
    | InstanceValue
    | ObjectValue
    | ModuleValue
    | TypeValue
    | ExternalValue
    | LiteralValue
    | ListValue
    | PromiseValue
    | SignatureValue
    | FolderValue
)

Values: TypeAlias = tuple[Value, ...]

WIDTH = 400
"""No more values than this for one expression; the first ones in source order are kept."""
MANY = 12
"""No more external values and literals than this for one expression."""
_OUTSIDE = (ExternalValue, LiteralValue)


def union(*parts: Values) -> Values:
    """All values of the parts, each once, in order."""
    filled = [part for part in parts if part] if len(parts) > 1 else parts
    if len(filled) < 2:
        return filled[0] if filled else ()
    first = filled[0]
    if len(filled) == 2 and len(first) == 1 and first == filled[1]:
        return first
    found = dict.fromkeys(chain.from_iterable(filled))
    return tuple(found) if len(found) <= MANY else _thinned(found)


def _thinned(found: Iterable[Value]) -> Values:
    """The first values of many; of those that lead out of the repo only a few."""
    kept: list[Value] = []
    outside = 0
    for value in found:
        if type(value) in _OUTSIDE:
            outside += 1
            if outside > MANY:
                continue
        kept.append(value)
    return tuple(kept[:WIDTH])
