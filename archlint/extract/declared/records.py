"""What a declaration file says of one name, as plain data over a syntax tree kept inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from archlint.model.ir import Type

if TYPE_CHECKING:
    from archlint.extract.declared.members import Body
    from archlint.extract.declared.scopes import Scope


class TypeParam(msgspec.Struct, frozen=True, gc=False):
    """A type parameter with its constraint and default."""

    name: str
    bound: Type | None = None
    default: Type | None = None


class Field(msgspec.Struct, frozen=True, gc=False):
    """A member's type (a function type for methods; None when it is not written)."""

    type: Type | None
    optional: bool = False


class Export(msgspec.Struct, frozen=True, gc=False):
    """What an export or import name means: ``source`` of module ``specifier`` (``*``: all of it).

    Without a specifier ``source`` is a name of the same scope.
    """

    source: str
    specifier: str = ""


class Declared(msgspec.Struct, eq=False):
    """One declaration: ``kind`` is function, class, interface, alias, value, enum or namespace.

    ``type`` is the signature of a function, the type of a value or what an alias means. ``bases``
    are what a class or interface extends; ``open_base`` says that not all of it can be told.
    ``inner`` is a namespace's own scope, ``scope`` the one that holds the declaration.
    """

    kind: str
    name: str
    scope: Scope
    type: Type | None = None
    params: tuple[TypeParam, ...] = ()
    bases: tuple[Type, ...] = ()
    open_base: bool = False
    inner: Scope | None = None
    body: Body | None = None

    def member(self, name: str, *, static: bool = False) -> tuple[Field, ...]:
        """The members of that name of a class or interface; ``()`` and ``new`` for signatures."""
        return self.body.member(name, static=static) if self.body is not None else ()
