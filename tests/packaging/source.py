"""The source of the integration, as it is checked here."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from .files import INTEGRATION

PACKAGE: Final = "custom_components.amps"


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module of the integration."""

    stem: str
    """The name within the integration's folder; `__init__` for the integration itself."""
    tree: ast.Module

    @property
    def loaded(self) -> ModuleType:
        """The module itself."""
        return import_module(f"{PACKAGE}.{self.stem}".removesuffix(".__init__"))


def parse(source: str, path: Path = INTEGRATION / "sample.py") -> Module:
    """Return a module of the integration from its source."""
    stem = path.relative_to(INTEGRATION).with_suffix("").as_posix().replace("/", ".")
    return Module(stem, ast.parse(source))


@cache
def modules() -> tuple[Module, ...]:
    """Return all modules of the integration."""
    return tuple(parse(path.read_text(encoding="utf-8"), path) for path in sorted(INTEGRATION.rglob("*.py")))


@cache
def words() -> frozenset[str]:
    """Return the strings that are written in the source, and the constants in it that are strings.

    Those of the client and of the simulator are none that people are shown.
    """
    above = [module for module in modules() if not module.stem.startswith(("api.", "simulator."))]
    return frozenset(word for module in above for word in _words(module))


def _words(module: Module) -> Iterator[str]:
    written = (node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant))
    for value in (*written, *vars(module.loaded).values()):
        if isinstance(value, str):
            yield str(value)
