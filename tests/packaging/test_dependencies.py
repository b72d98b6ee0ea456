"""The integrations that the code uses are declared, and those declared are used."""

import ast
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from homeassistant.bootstrap import CORE_INTEGRATIONS
from homeassistant.const import Platform
import pytest

from .files import COMPONENTS, INTEGRATION, manifest
from .source import Module, modules, parse

ALLOWED: Final = {
    *(platform.value for platform in Platform),
    *CORE_INTEGRATIONS,
    *("alert", "automation", "conversation", "default_config", "device_automation", "frontend", "group"),
    *("input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text"),
    *("media_source", "mjpeg", "onboarding", "panel_custom", "person", "script", "shopping_list", "stream", "sun"),
    *("system_health", "system_log", "timer", "websocket_api", "zone"),
}
"""What hassfest lets everybody use undeclared. It also lets them use `webhook`; but a webhook that nobody has set up
is one that no delivery reaches, so here it has to be declared."""


def used(read: Iterable[Module]) -> set[str]:
    """Return the integrations that modules import from, anywhere; hassfest overlooks what is only for type checkers."""
    return {domain for module in read for domain in _imported(module.tree)}


def _imported(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Import(names=names):
                yield from _domains(alias.name for alias in names)
            case ast.ImportFrom(module=str() as name, names=names, level=0):
                yield from _domains(f"{name}.{alias.name}" for alias in names)
        yield from _imported(child)


def _domains(dotted: Iterable[str]) -> Iterator[str]:
    for name in dotted:
        if name.startswith("homeassistant.components."):
            yield name.split(".")[2]


def platforms() -> set[str]:
    """Return the integrations that this one is a platform of: a platform may use what it is a platform of."""
    return {path.stem for path in INTEGRATION.iterdir() if path.is_dir() or path.suffix == ".py"}


def declared() -> list[str]:
    """Return the integrations that are set up before this one."""
    return [*manifest().get("dependencies", ()), *manifest().get("after_dependencies", ())]


def undeclared(uses: Collection[str]) -> set[str]:
    """Return what is used without leave."""
    return set(uses) - ALLOWED - platforms() - set(declared())


def test_what_is_used_is_declared() -> None:
    assert not undeclared(used(modules()))


def test_what_is_declared_is_used() -> None:
    assert set(declared()) <= used(modules())


def test_what_is_declared_exists_once_and_is_not_always_there_anyway() -> None:
    assert len(declared()) == len(set(declared()))
    assert all((COMPONENTS / domain).is_dir() for domain in declared())
    assert not CORE_INTEGRATIONS & set(declared())


@pytest.mark.parametrize(
    ("code", "domains"),
    [
        ("import homeassistant.components.http.auth as auth", {"http"}),
        ("from homeassistant.components import cloud, webhook", {"cloud", "webhook"}),
        ("from homeassistant.components.lovelace.const import DOMAIN", {"lovelace"}),
        (
            "class Late:\n    def begin(self):\n        from homeassistant.components.recorder import history",
            {"recorder"},
        ),
        ("if TYPE_CHECKING:\n    from homeassistant.components.zha import hub", set()),
        ("from homeassistant.components.sensor import SensorEntity", set()),
        ("from .http import serve", set()),
    ],
)
def test_use_is_found_wherever_it_stands(code: str, domains: set[str]) -> None:
    assert used([parse(code)]) - ALLOWED == domains


def test_use_without_leave_is_found() -> None:
    assert undeclared({"sensor", "zha"}) == {"zha"}
