"""The behaviours of behaviours.yaml and the tests beside it, without importing them."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
import yaml

FOLDER = Path(__file__).parent

type Need = Literal["clock", "control", "home"]

WHY_NOT_HOSTED: Mapping[Need, str] = {
    "clock": "moves the clock, or depends on its time: that of the hosted sandbox cannot be moved",
    "control": "uses the control surface, which the hosted sandbox does not have",
    "home": "depends on the keys or the exact devices of the simulated home: the hosted account has others",
}
"""Why a test with a need is skipped against the hosted sandbox."""

NOT_CONTRACT = {
    "test_client.py": "the client, held against the simulator",
    "test_hosted.py": "the suite itself, against a service elsewhere",
    "test_manifest.py": "this manifest",
    "test_manual.py": "what the manual shows",
}
"""Modules whose tests check no statement of the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """A statement of the contract that the simulator models. `tests` are node ids, module::test, without parameters."""

    id: str
    statement: str
    origin: Literal["documented", "decided"]
    section: str
    tests: tuple[str, ...]
    needs: Need | None = None


def behaviours(path: Path = FOLDER / "behaviours.yaml") -> list[Behaviour]:
    """Return all behaviours; raise pydantic.ValidationError for an invalid file."""
    return TypeAdapter(list[Behaviour]).validate_python(yaml.safe_load(path.read_text()))


def contract_tests(folder: Path = FOLDER) -> set[str]:
    """Return the node ids of all tests of the contract, as pytest would collect them."""
    return {
        f"{path.name}::{node.name}"
        for path in folder.glob("test_*.py")
        if path.name not in NOT_CONTRACT
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    }


def needs() -> dict[str, set[Need]]:
    """Return the needs of each test that the hosted service does not meet, by node id."""
    found: dict[str, set[Need]] = {}
    for behaviour in behaviours():
        for test in behaviour.tests:
            found.setdefault(test, set()).update({behaviour.needs} if behaviour.needs else ())
    return found
