"""The dialogs, as their source shows them: which forms with which fields, which menus, errors and ends."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from homeassistant.data_entry_flow import section
import voluptuous as vol

from .source import Call, Place, Scope, Source, UntraceableError, name_of

_ROOTS: Final = {"ConfigFlow": "config", "OptionsFlow": "options", "OptionsFlowWithReload": "options"}
"""Under which root the texts of a dialog stand, by what its class is made of."""

_OWN_ENDS: Final = {
    "_async_abort_entries_match": {"already_configured"},
    "_abort_if_unique_id_configured": {"already_configured"},
    "_abort_if_unique_id_mismatch": {"unique_id_mismatch"},
}
"""How Home Assistant ends a dialog by itself, unless it is told another reason."""

_WITH_AN_END: Final = {"async_update_and_abort", "async_update_reload_and_abort"}
"""How it ends one after an update: in words of its own, unless it is told another reason."""


@dataclass(slots=True)
class Fields:
    """The fields of a form, and those of its sections."""

    names: set[str] = field(default_factory=set)
    sections: dict[str, Fields] = field(default_factory=dict)

    def merge(self, other: Fields) -> None:
        """Take in the fields of another part of the form."""
        self.names |= other.names
        for name, inner in other.sections.items():
            self.sections.setdefault(name, Fields()).merge(inner)


@dataclass(slots=True)
class Dialog:
    """A flow: what it can show and how it can end."""

    forms: dict[str, Fields] = field(default_factory=dict)
    menus: dict[str, set[str]] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    aborts: set[str] = field(default_factory=set)


@cache
def dialogs(found: Source) -> Mapping[str, Dialog]:
    """Return the dialogs by the root of their texts."""
    roots = {class_.name: root for class_, _ in found.classes if (root := _root(class_))}
    shown: dict[str, Dialog] = {root: Dialog() for root in roots.values()}
    for call in found.calls:
        if (class_ := call.scope.class_) is not None and class_.name in roots:
            _add(found, shown[roots[class_.name]], call)
    return shown


def _root(class_: ast.ClassDef) -> str | None:
    return next((root for base in class_.bases if (root := _ROOTS.get(name_of(base)))), None)


def _add(found: Source, dialog: Dialog, call: Call) -> None:
    """Add what one call shows."""
    match call.callee:
        case "async_show_form":
            dialog.errors |= found.strings(call.keyword("errors"), call.scope)
            for scope in found.contexts(call.scope):
                schema = call.keyword("data_schema")
                fields = Fields() if schema is None else fields_of(found, schema, scope)
                for step in found.strings(call.keyword("step_id"), scope):
                    dialog.forms.setdefault(step, Fields()).merge(fields)
        case "async_show_menu":
            for step in found.strings(call.keyword("step_id"), call.scope):
                options = found.strings(call.keyword("menu_options"), call.scope)
                dialog.menus.setdefault(step, set()).update(options)
        case _:
            dialog.aborts |= _reasons(found, call)


def _reasons(found: Source, call: Call) -> set[str]:
    """Return with what a call may end the dialog."""
    reason = call.keyword("reason") or call.keyword("error")
    match call.callee:
        case "async_abort" | "AbortFlow":
            return found.strings(reason or call.node.args[0], call.scope)
        case name if name in _WITH_AN_END:
            return found.strings(reason, call.scope)
        case name if name in _OWN_ENDS:
            return found.strings(reason, call.scope) or _OWN_ENDS[name]
        case _:
            return set()


def fields_of(found: Source, schema: ast.expr, scope: Scope) -> Fields:
    """Return the fields of a schema, wherever its parts come from."""
    fields = Fields()
    for node, where in found.origins(schema, scope):
        fields.merge(_fields(found, node, where))
    return fields


def _fields(found: Source, node: ast.expr, scope: Scope) -> Fields:
    match node:
        case ast.Constant(value=None):
            return Fields()
        case ast.Dict():
            return _written(found, node, scope)
        case ast.Call(func=ast.Attribute(attr="extend", value=base), args=[more, *_]):
            return _together(found, [(base, scope), (more, scope)])
        case ast.Call(func=func, args=[inner, *_]) if name_of(func) in ("Schema", "add_suggested_values_to_schema"):
            return fields_of(found, inner, scope)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(op=ast.BitOr(), left=one, right=other):
            return _together(found, [(one, scope), (other, scope)])
        case ast.Name() | ast.Attribute():
            return _at_run_time(scope.module.at_run_time(ast.unparse(node)))
        case _:
            raise UntraceableError(scope.where(node))


def _together(found: Source, places: list[Place]) -> Fields:
    fields = Fields()
    for node, scope in places:
        fields.merge(fields_of(found, node, scope))
    return fields


def _written(found: Source, node: ast.Dict, scope: Scope) -> Fields:
    fields = Fields()
    for marker, value in zip(node.keys, node.values, strict=True):
        match marker, value:
            case None, _:
                fields.merge(fields_of(found, value, scope))
            case ast.Call(args=[name, *_]), ast.Call(func=func, args=[inner, *_]) if name_of(func) == "section":
                for key in found.strings(name, scope):
                    fields.sections[key] = fields_of(found, inner, scope)
            case ast.Call(args=[name, *_]), _:
                fields.names |= found.strings(_revealed(name), scope)
            case _:
                raise UntraceableError(scope.where(node))
    return fields


def _revealed(name: ast.expr) -> ast.expr:
    """Return a field's name without the mark that its value is a secret."""
    match name:
        case ast.Call(func=func, args=[inner]) if name_of(func) == "Secret":
            return inner
        case _:
            return name


def _at_run_time(schema: Any) -> Fields:  # noqa: ANN401  a schema or the dictionary of one
    fields = Fields()
    for marker, value in (schema.schema if isinstance(schema, vol.Schema) else schema).items():
        if isinstance(value, section):
            fields.sections[str(marker)] = _at_run_time(value.schema)
        else:
            fields.names.add(str(marker))
    return fields
