"""The dependencies of the simulator: the standard library, orjson, pydantic, and for the program over HTTP aiohttp."""

import ast
from pathlib import Path
import sys

import pytest

import custom_components.amps.simulator as package

_ROOT = Path(package.__file__).parent
_MODULES = sorted(_ROOT.rglob("*.py"))
_SERVER = _ROOT / "server"
_ALLOWED = {"orjson", "pydantic"}


def _roots(tree: ast.Module) -> set[str]:
    """Return the outermost packages that are imported absolutely."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def _depths(tree: ast.Module) -> set[int]:
    return {node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def _names(module: Path) -> str:
    return str(module.relative_to(_ROOT))


@pytest.mark.parametrize("module", _MODULES, ids=_names)
def test_module_imports_nothing_it_should_not(module: Path) -> None:
    tree = ast.parse(module.read_text())
    foreign = {root for root in _roots(tree) if root not in sys.stdlib_module_names}
    assert foreign <= ({*_ALLOWED, "aiohttp"} if module.parent == _SERVER else _ALLOWED)
    assert max(_depths(tree), default=0) <= len(module.relative_to(_ROOT).parts), "reaches out of the package"


@pytest.mark.parametrize("module", _MODULES, ids=_names)
def test_only_the_program_needs_the_server(module: Path) -> None:
    """A simulated home in Home Assistant loads none of it."""
    if module.parent == _SERVER or module == _ROOT / "__main__.py":
        return
    tree = ast.parse(module.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and "server" in (node.module or "")]


@pytest.mark.parametrize("module", _MODULES, ids=_names)
def test_only_the_outermost_layer_knows_the_time(module: Path) -> None:
    if module == _ROOT / "clock.py":
        return
    tree = ast.parse(module.read_text())
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"utcnow", "today", "time_ns"}
    assert not asked
    assert not _roots(tree) & {"time", "random", "secrets", "uuid"}


@pytest.mark.parametrize("module", _MODULES, ids=_names)
def test_module_is_small(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 350
