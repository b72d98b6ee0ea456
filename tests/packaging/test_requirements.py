"""What the code imports is there on the user's Home Assistant, and nothing more is installed than it imports."""

import ast
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, requires, version
import sys
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
import pytest

from .files import manifest
from .source import Module, modules, parse

SERVED: Final = {"homeassistant", "voluptuous"}
"""Home Assistant itself, and the name under which it serves its own engine for schemas."""
FORBIDDEN: Final = {"async-timeout", "codecov", "pyserial-asyncio", "pytest", "setuptools", "sphinx", "wheel"}
"""What hassfest wants on no user's machine."""


def requirements() -> dict[str, Requirement]:
    """Return what has to be installed for the integration, by name."""
    parsed = (Requirement(text) for text in manifest().get("requirements", ()))
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def home_assistants_own() -> set[str]:
    """Return the packages that are there wherever Home Assistant is."""
    return {canonicalize_name(Requirement(text).name) for text in requires("homeassistant") or ()}


def imported(read: Iterable[Module]) -> Iterator[str]:
    """Return the packages that modules import, but for the standard library's."""
    for module in read:
        for node in ast.walk(module.tree):
            match node:
                case ast.Import(names=names):
                    found = {alias.name for alias in names}
                case ast.ImportFrom(module=str() as name, level=0):
                    found = {name}
                case _:
                    continue
            yield from {name.partition(".")[0] for name in found} - sys.stdlib_module_names - SERVED


def distributions(read: Iterable[Module]) -> set[str]:
    """Return under which names the imported packages are installed."""
    known = packages_distributions()
    return {canonicalize_name(name) for package in imported(read) for name in known.get(package, [package])}


def test_every_import_is_installed() -> None:
    assert distributions(modules()) <= home_assistants_own() | requirements().keys()


def test_every_requirement_is_imported_and_not_there_already() -> None:
    assert requirements().keys() <= distributions(modules()) - home_assistants_own()


def test_requirements_are_written_as_pip_reads_them() -> None:
    assert not [text for text in manifest().get("requirements", ()) if " " in text]
    assert not requirements().keys() & FORBIDDEN


def test_home_assistants_own_choice_of_versions_is_met() -> None:
    """What is installed here is what its constraints allow, so a requirement beyond them could not be installed."""
    unmet = [name for name, requirement in requirements().items() if not requirement.specifier.contains(version(name))]
    assert not unmet


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import numpy.linalg", {"numpy"}),
        ("def later():\n    from yaml import nodes", {"pyyaml"}),
        ("import json, voluptuous, no_such_package", {"no-such-package"}),
        ("from . import json\nfrom homeassistant import core", set()),
    ],
)
def test_imports_are_found_wherever_they_stand(code: str, names: set[str]) -> None:
    assert distributions([parse(code)]) == names
