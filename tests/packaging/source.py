"""What reaches the places where Home Assistant looks up a text, read from the source.

A key may be written right there, or come from a table, a parameter, a variable or another function. All these ways
are followed back to the words that they start from. A key that is made in yet another way is Untraceable: nobody could
say without running the code whether its text exists.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from .files import INTEGRATION

PACKAGE: Final = "custom_components.amps"

type Function = ast.FunctionDef | ast.AsyncFunctionDef
type Place = tuple[ast.expr, Scope]
"""An expression and where it stands."""

_GATHERING: Final = {"dict", "frozenset", "list", "next", "set", "sorted", "str", "tuple"}
"""Builtins that hand on what they are given."""


class UntraceableError(Exception):
    """It cannot be told from the source what a value may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module of the integration."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def stem(self) -> str:
        """The name within the integration's folder; `__init__` for the integration itself."""
        return self.path.relative_to(INTEGRATION).with_suffix("").as_posix().replace("/", ".")

    @property
    def loaded(self) -> ModuleType:
        """The module itself."""
        return import_module(self.name)

    def at_run_time(self, dotted: str) -> object:
        """Return what a name means in the module."""
        value: object = self.loaded
        for name in dotted.split("."):
            value = getattr(value, name)
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Where an expression stands: in a module, in classes and functions, and with what these were called."""

    module: Module
    inside: tuple[ast.ClassDef | Function, ...] = ()
    bound: Mapping[str, Place] = field(default_factory=dict)

    @property
    def function(self) -> Function | None:
        """The innermost function."""
        return next((node for node in reversed(self.inside) if not isinstance(node, ast.ClassDef)), None)

    @property
    def class_(self) -> ast.ClassDef | None:
        """The innermost class."""
        return next((node for node in reversed(self.inside) if isinstance(node, ast.ClassDef)), None)

    def enter(self, node: ast.AST) -> Scope:
        """Return the scope of what stands in a node."""
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            return replace(self, inside=(*self.inside, node))
        return self

    def where(self, node: ast.expr) -> str:
        """Return a place that a reader can go to."""
        return f"{self.module.stem} line {node.lineno}: {ast.unparse(node)}"


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call and where it stands."""

    node: ast.Call
    scope: Scope

    @property
    def callee(self) -> str:
        """The name of what is called, without what it is reached through."""
        return name_of(self.node.func)

    def keyword(self, name: str) -> ast.expr | None:
        """Return what is given by keyword."""
        return next((keyword.value for keyword in self.node.keywords if keyword.arg == name), None)

    def argument(self, function: Function, name: str) -> ast.expr | None:
        """Return what a parameter of the called function gets."""
        given = self.keyword(name)
        names = [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        if given is None and name in names and names.index(name) < len(self.node.args):
            given = self.node.args[names.index(name)]
        return _default(function, name) if given is None else given


def _default(function: Function, name: str) -> ast.expr | None:
    positional = (*function.args.posonlyargs, *function.args.args)
    with_default = positional[len(positional) - len(function.args.defaults) :]
    pairs = (
        *zip(with_default, function.args.defaults, strict=True),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    )
    return next((default for parameter, default in pairs if parameter.arg == name), None)


def name_of(node: ast.expr) -> str:
    """Return the last part of a dotted name, or nothing if it is no name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def parse(source: str, path: Path = INTEGRATION / "sample.py") -> Module:
    """Return a module of the integration from its source."""
    parts = path.relative_to(INTEGRATION).with_suffix("").parts
    name = ".".join((PACKAGE, *(part for part in parts if part != "__init__")))
    return Module(name=name, path=path, tree=ast.parse(source))


@cache
def modules() -> tuple[Module, ...]:
    """Return all modules of the integration."""
    return tuple(parse(path.read_text(encoding="utf-8"), path) for path in sorted(INTEGRATION.rglob("*.py")))


def walk(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """Return all nodes below a node and where they stand."""
    for child in ast.iter_child_nodes(node):
        yield child, scope
        yield from walk(child, scope.enter(child))


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Some modules, and what is called and defined in them."""

    calls: tuple[Call, ...]
    functions: Mapping[str, tuple[tuple[Function, Scope], ...]]
    classes: tuple[tuple[ast.ClassDef, Scope], ...]

    @classmethod
    def of(cls, read: Iterable[Module]) -> Source:
        """Index modules."""
        calls: list[Call] = []
        functions: dict[str, tuple[tuple[Function, Scope], ...]] = {}
        classes: list[tuple[ast.ClassDef, Scope]] = []
        for module in read:
            for node, scope in walk(module.tree, Scope(module)):
                match node:
                    case ast.Call():
                        calls.append(Call(node, scope))
                    case ast.FunctionDef() | ast.AsyncFunctionDef():
                        functions[node.name] = (*functions.get(node.name, ()), (node, scope.enter(node)))
                    case ast.ClassDef():
                        classes.append((node, scope.enter(node)))
        return cls(calls=tuple(calls), functions=functions, classes=tuple(classes))

    def calls_of(self, *names: str) -> list[Call]:
        """Return the calls of functions or classes of these names."""
        return [call for call in self.calls if call.callee in names]

    def callers(self, scope: Scope) -> list[Call]:
        """Return the calls of the function that a scope is in."""
        if (function := scope.function) is None:
            return []
        return self.calls_of(scope.class_.name if scope.class_ and function.name == "__init__" else function.name)

    def contexts(self, scope: Scope) -> list[Scope]:
        """Return the scope once for each call of its function, with the arguments of that call."""
        if (function := scope.function) is None:
            return [scope]
        return [replace(scope, bound=_bound(function, call)) for call in self.callers(scope)] or [scope]

    def strings(self, node: ast.expr | None, scope: Scope) -> set[str]:
        """Return the strings that an expression may be or hold; None and nothing are no strings."""
        return set() if node is None else _Tracer(self).strings(node, scope)

    def origins(self, node: ast.expr, scope: Scope) -> list[Place]:
        """Return the expressions that a name or a call of ours stands for; without any, the expression itself."""
        return _Tracer(self).origins(node, scope) or [(node, scope)]


def _bound(function: Function, call: Call) -> dict[str, Place]:
    parameters = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    given = {parameter.arg: call.argument(function, parameter.arg) for parameter in parameters}
    return {name: (value, call.scope) for name, value in given.items() if value is not None}


@cache
def source() -> Source:
    """Return the source of the Home Assistant layer: the client and the simulator know of no texts."""
    return Source.of(module for module in modules() if not module.stem.startswith(("api.", "simulator.")))


@dataclass(slots=True)
class _Tracer:
    """Follows one value back; what it is following already adds nothing new."""

    source: Source
    following: set[int] = field(default_factory=set)

    def strings(self, node: ast.expr, scope: Scope) -> set[str]:
        if id(node) in self.following:
            return set()
        self.following.add(id(node))
        try:
            return self._strings(node, scope)
        finally:
            self.following.discard(id(node))

    def _strings(self, node: ast.expr, scope: Scope) -> set[str]:
        match node:
            case ast.Constant(value=value):
                return {value} if isinstance(value, str) else set()
            case ast.Name() | ast.Attribute():
                return self._named(node, scope)
            case ast.Call():
                return self._called(node, scope)
        if (parts := _parts(node)) is None:
            raise UntraceableError(scope.where(node))
        return self._all(parts, scope)

    def _all(self, nodes: Iterable[ast.expr], scope: Scope) -> set[str]:
        return {string for node in nodes for string in self.strings(node, scope)}

    def _named(self, node: ast.Name | ast.Attribute, scope: Scope) -> set[str]:
        if places := self.origins(node, scope):
            return {string for origin, where in places for string in self.strings(origin, where)}
        try:
            value = scope.module.at_run_time(ast.unparse(node))
        except AttributeError:
            raise UntraceableError(scope.where(node)) from None
        return _held(value, lambda: scope.where(node))

    def _called(self, node: ast.Call, scope: Scope) -> set[str]:
        if places := self.origins(node, scope):
            return {string for origin, where in places for string in self.strings(origin, where)}
        if name_of(node.func) in _GATHERING:
            return self._all(node.args, scope)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "values"):
            return self._all([node.func.value, *node.args[1:]], scope)
        raise UntraceableError(scope.where(node))

    def origins(self, node: ast.expr, scope: Scope) -> list[Place]:
        match node:
            case ast.Name(id=name):
                return self._variable(name, scope)
            case ast.Attribute(attr=name, value=ast.Name(id=owner)) if _is_local(owner, scope):
                return self._field(name)
            case ast.Call(func=func):
                return self._returned(Call(node, scope), name_of(func))
            case _:
                return []

    def _variable(self, name: str, scope: Scope) -> list[Place]:
        """Return what a local name was given, by assignments and by callers."""
        for at, function in _functions_around(scope):
            places = [(value, scope) for value in _assigned(function, name)]
            if name in _parameters(function):
                places += self._argument(function, name, at)
                if not places:
                    message = f"{at.module.stem}: nobody gives {function.name}() its {name}"
                    raise UntraceableError(message)
            if places:
                return places
        return []

    def _argument(self, function: Function, name: str, at: Scope) -> list[Place]:
        if name in at.bound:
            return [at.bound[name]]
        given = ((call.argument(function, name), call.scope) for call in self.source.callers(at))
        return [(value, where) for value, where in given if value is not None]

    def _field(self, name: str) -> list[Place]:
        """Return what a field of our own classes is made with."""
        owners = {
            class_.name
            for class_, _ in self.source.classes
            if any(isinstance(node, ast.AnnAssign) and name_of(node.target) == name for node in class_.body)
        }
        given = ((call.keyword(name), call.scope) for call in self.source.calls_of(*owners))
        return [(value, where) for value, where in given if value is not None]

    def _returned(self, call: Call, name: str) -> list[Place]:
        """Return what a function of ours may return to a call."""
        return [
            (node.value, replace(scope, bound=_bound(function, call)))
            for function, scope in self.source.functions.get(name, ())
            for node in _own_nodes(function)
            if isinstance(node, ast.Return) and node.value is not None
        ]


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """Return the expressions that an expression chooses from or is made of."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BinOp(op=ast.BitOr() | ast.Add(), left=left, right=right):
            return [left, right]
        case (
            ast.BoolOp(values=values)
            | ast.Dict(values=values)
            | ast.List(elts=values)
            | ast.Set(elts=values)
            | ast.Tuple(elts=values)
        ):
            return values
        case (
            ast.Await(value=value)
            | ast.NamedExpr(value=value)
            | ast.Starred(value=value)
            | ast.Subscript(value=value)
            | ast.DictComp(value=value)
            | ast.GeneratorExp(elt=value)
            | ast.ListComp(elt=value)
            | ast.SetComp(elt=value)
        ):
            return [value]
        case _:
            return None


def _functions_around(scope: Scope) -> Iterator[tuple[Scope, Function]]:
    """Return the functions that an expression stands in, the innermost first."""
    for depth in range(len(scope.inside), 0, -1):
        if not isinstance(function := scope.inside[depth - 1], ast.ClassDef):
            yield replace(scope, inside=scope.inside[:depth]), function


def _is_local(name: str, scope: Scope) -> bool:
    return any(
        name in _parameters(function) or any(_assigned(function, name)) for _, function in _functions_around(scope)
    )


def _parameters(function: Function) -> set[str]:
    return {parameter.arg for parameter in ast.walk(function.args) if isinstance(parameter, ast.arg)}


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Return what stands in a function, but not in the functions in it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    """Return what is assigned to a name, or to an item of it."""
    for node in _own_nodes(function):
        for target, value in _assignments(node):
            owner = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(owner, ast.Name) and owner.id == name:
                yield value


def _assignments(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            return [(target, value)]
        case ast.AugAssign(target=target, value=value):
            return [(target, value)]
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            return [(target, value)]
        case _:
            return []


def _held(value: object, where: Callable[[], str]) -> set[str]:
    """Return the strings in a constant: itself, its items, the values of a table."""
    match value:
        case None:
            return set()
        case str():
            return {str(value)}
        case type() if issubclass(value, Enum):
            return {str(member) for member in value}
        case Mapping():
            return {string for item in value.values() for string in _held(item, where)}
        case list() | tuple() | set() | frozenset():
            return {string for item in value for string in _held(item, where)}
        case _:
            raise UntraceableError(where())
