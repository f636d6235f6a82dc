"""What an expression of a function evaluates to: the entry to the other modules of evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.knowledge.builtins import is_global
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.program.ecma.bindings import Bindings
from archlint.program.ecma.calls import Calls
from archlint.program.ecma.canonical import Canonical
from archlint.program.ecma.carried import Carried
from archlint.program.ecma.exports import Exports
from archlint.program.ecma.factories import Factories
from archlint.program.ecma.folders import Folders
from archlint.program.ecma.index import FileIndex, FunctionIndex
from archlint.program.ecma.injection import Injection
from archlint.program.ecma.loading import Loading
from archlint.program.ecma.members import Members
from archlint.program.ecma.memo import Memo
from archlint.program.ecma.mutations import Mutations
from archlint.program.ecma.parameters import Parameters
from archlint.program.ecma.records import Binding
from archlint.program.ecma.resolver import ModuleResolver
from archlint.program.ecma.results import Results
from archlint.program.ecma.types import Types
from archlint.program.ecma.values import (
    ClassValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    LiteralValue,
    ModuleValue,
    ObjectValue,
    PromiseValue,
    Values,
    union,
)
from archlint.program.ecma.wrapping import Wrapping

_LOGICAL = frozenset({"||", "&&", "??"})
Object_ = tuple[FunctionIndex, ir.Object]


class Evaluator:
    """The state of evaluation: indexed files, the memo, and its parts by subject."""

    def __init__(
        self, files: dict[str, FileFacts], resolver: ModuleResolver, canonical: Canonical
    ) -> None:
        self._facts = files
        self._indexed: dict[str, FileIndex] = {}
        self.resolver = resolver
        self.canonical = canonical
        self.memo = Memo()
        self._known = self.memo.done
        self.objects: dict[tuple[str, int], Object_] = {}
        self.bindings = Bindings(self)
        self.members = Members(self)
        self.mutations = Mutations(self)
        self.carried = Carried(self)
        self.exports = Exports(self)
        self.types = Types(self)
        self.results = Results(self)
        self.parameters = Parameters(self)
        self.injection = Injection(self)
        self.loading = Loading(self, list(files))
        self.folders = Folders(self)
        self.wrapping = Wrapping(self)
        self.factories = Factories(self)
        self.calls = Calls(self)
        self._kinds: dict[type, Callable[[FunctionIndex, Any], Values]] = {
            ir.Name: self._name,
            ir.Literal: lambda _, node: (LiteralValue(node.kind, node.value),),
            ir.Template: self._template,
            ir.Member: self._member,
            ir.Index: self._index,
            ir.Call: self._call,
            ir.Await: lambda fn, node: self.awaited(self.values(fn, node.value)),
            ir.FunctionRef: lambda fn, node: (FunctionValue(fn.file.path, node.index),),
            ir.ClassRef: lambda fn, node: (ClassValue(fn.file.path, node.index),),
            ir.Object: self._object,
            ir.Array: self._array,
            ir.Spread: lambda fn, node: self.members.iterated(self.values(fn, node.value)),
            ir.Binary: self._binary,
            ir.Conditional: self._conditional,
            ir.Sequence: lambda fn, node: self.values(fn, node.items[-1]) if node.items else (),
            ir.Cast: self._cast,
            ir.Assign: self._assign,
            ir.Yield: lambda fn, node: self.awaited(self.values(fn, node.value)),
        }

    # ------------------------------------------------------------------ files

    def file(self, path: str) -> FileIndex | None:
        """A file's index, built at its first use."""
        found = self._indexed.get(path)
        if found is None and path in self._facts:
            found = self._indexed[path] = FileIndex(self._facts[path])
        return found

    def indexed(self) -> list[FileIndex]:
        """The files indexed so far, sorted by path."""
        return [self._indexed[path] for path in sorted(self._indexed)]

    def function(self, ident: tuple[str, int]) -> FunctionIndex | None:
        """A function's index by its identity."""
        file = self.file(ident[0])
        if file is None or not 0 <= ident[1] < len(file.functions):
            return None
        return file.functions[ident[1]]

    # ------------------------------------------------------------ expressions

    def values(self, fn: FunctionIndex, node: ir.Expr | None) -> Values:
        """What an expression in ``fn`` evaluates to."""
        handler = self._kinds.get(type(node))
        return handler(fn, node) if handler is not None else ()

    def _name(self, fn: FunctionIndex, node: ir.Name) -> Values:
        name = node.id
        if name == "this":
            return self.this(fn)
        if name == "super":
            return self.members.bases(self.this(fn))
        binding = self.bindings.find(fn, name, node.at)
        if binding is not None:
            return self.bindings.values(binding)
        return self._free(fn, name)

    def _free(self, fn: FunctionIndex, name: str) -> Values:
        """A name that nothing declares: CommonJS's own, a global of the repo, or a builtin."""
        if name == "exports":
            return (ModuleValue(fn.file.path),)
        if name == "__dirname":
            return self.loading.directory(fn)
        if name == "__filename":
            return (LiteralValue("path", "/" + fn.file.path),)
        if name == "undefined":
            return (LiteralValue("undefined", ""),)
        assigned = self.mutations.globals(name)
        if assigned:
            return assigned
        return (ExternalValue(f"global:{name}"),) if is_global(name) else ()

    def this(self, fn: FunctionIndex) -> Values:
        """What ``this`` is in a function: instance, class, object literal or module."""
        here: FunctionIndex | None = fn
        while here is not None and here.property < 0 and here.facts.kind == "arrow":
            here = here.parent
        if here is None or here.index == 0:
            return (ModuleValue(fn.file.path),)
        path = fn.file.path
        if here.property >= 0:
            return (InstanceValue(path, here.property),)
        if here.facts.owner >= 0:
            if here.facts.static or here.facts.kind == "static-block":
                return (ClassValue(path, here.facts.owner),)
            return (InstanceValue(path, here.facts.owner),)
        if here.object is not None:
            return self._object(here.parent or here, here.object)
        if here.prototype is not None:
            holder = self.values(here.parent or here, here.prototype.object)
            if holder:
                return holder
        return (InstanceValue(path, here.index, False, True),)

    def _template(self, fn: FunctionIndex, node: ir.Template) -> Values:
        if node.tag is not None:
            return self.results.tagged(fn, node)
        return (LiteralValue("template", self.text(fn, node)),)

    def text(self, fn: FunctionIndex, node: ir.Expr | None, depth: int = 0) -> str:
        """The string an expression spells, with ``*`` for what is unknown."""
        kind = type(node)
        if kind is ir.Literal:
            return str(node.value)  # type: ignore[union-attr]
        if kind is ir.Template and depth < 20:
            return "".join(self.text(fn, part, depth + 1) for part in node.parts)  # type: ignore[union-attr]
        if isinstance(node, ir.Binary) and node.op == "+" and depth < 20:
            return self.text(fn, node.left, depth + 1) + self.text(fn, node.right, depth + 1)
        texts = [v.text for v in self.values(fn, node) if type(v) is LiteralValue]
        return texts[0] if len(texts) == 1 else "*"

    def _member(self, fn: FunctionIndex, node: ir.Member) -> Values:
        hit = self._known.get(id(node))
        if hit is not None and not hit[1]:
            return hit[0]  # type: ignore[no-any-return]
        found: Values = self.memo(id(node), self._member_values, fn, node)
        return found

    def _member_values(self, fn: FunctionIndex, node: ir.Member) -> Values:
        base = node.object
        if (
            node.name == "exports"
            and type(base) is ir.Name
            and base.id == "module"
            and self.bindings.find(fn, "module", base.at) is None
        ):
            return self.exports.module(fn.file.path)
        if type(base) is ir.Name and base.id == "import.meta":
            if node.name == "dirname":
                return self.loading.directory(fn)
            if node.name in {"url", "filename"}:
                return (LiteralValue("path", "/" + fn.file.path),)
        return self.members.of(self.values(fn, base), node.name)

    def _index(self, fn: FunctionIndex, node: ir.Index) -> Values:
        found: Values = self.memo(id(node), self._index_values, fn, node)
        return found

    def _index_values(self, fn: FunctionIndex, node: ir.Index) -> Values:
        base = self.values(fn, node.object)
        if not base:
            return ()
        keys = self.values(fn, node.indices[0]) if node.indices else ()
        names = [v.text for v in keys if type(v) is LiteralValue and v.kind == "string"]
        if names and len(names) == len(keys):
            return union(*(self.members.of(base, name) for name in names))
        return self.members.elements(base)

    def _call(self, fn: FunctionIndex, node: ir.Call) -> Values:
        hit = self._known.get(id(node))
        if hit is not None and not hit[1]:
            return hit[0]  # type: ignore[no-any-return]
        found: Values = self.memo(id(node), self.results.of, fn, node)
        return found

    def _object(self, fn: FunctionIndex, node: ir.Object) -> Values:
        key = (fn.file.path, node.at)
        if key not in self.objects:
            self.objects[key] = (fn, node)
        return (ObjectValue(*key),)

    def _array(self, fn: FunctionIndex, node: ir.Array) -> Values:
        parts: list[Values] = []
        for item in node.items[:256]:
            if type(item) is ir.Spread:
                parts.append(self.members.iterated(self.values(fn, item.value)))
            elif item is not None:
                parts.append(self.values(fn, item))
        return (ListValue(union(*parts)),)

    def _binary(self, fn: FunctionIndex, node: ir.Binary) -> Values:
        if node.op == "+":
            text = self.text(fn, node)
            return (LiteralValue("template", text),) if text.strip("*") else ()
        if node.op not in _LOGICAL:
            return ()
        parts: list[Values] = []
        rest: ir.Expr = node
        while isinstance(rest, ir.Binary) and rest.op in _LOGICAL:
            parts.append(self.values(fn, rest.right))
            rest = rest.left
        parts.append(self.values(fn, rest) if node.op != "&&" else ())
        return union(*reversed(parts))

    def _conditional(self, fn: FunctionIndex, node: ir.Conditional) -> Values:
        parts: list[Values] = []
        rest: ir.Expr = node
        while isinstance(rest, ir.Conditional):
            parts.append(self.values(fn, rest.then))
            rest = rest.other
        return union(*parts, self.values(fn, rest))

    def _cast(self, fn: FunctionIndex, node: ir.Cast) -> Values:
        return self.values(fn, node.value) or self.types.values(fn, node.type)

    def _assign(self, fn: FunctionIndex, node: ir.Assign) -> Values:
        return self.values(fn, node.values[0]) if node.values else ()

    # ---------------------------------------------------------------- results

    def awaited(self, values: Values) -> Values:
        """What ``await`` makes of values."""
        parts: list[Values] = []
        for value in values:
            if type(value) is PromiseValue:
                parts.append(value.items)
            elif type(value) is ExternalValue:
                parts.append(self.canonical.awaited(value))
            else:
                parts.append((value,))
        return union(*parts)

    def binding(self, fn: FunctionIndex, name: ir.Name) -> Binding | None:
        """The declaration that a name means; None for globals."""
        return self.bindings.find(fn, name.id, name.at)
