"""docs/simulator.md: its commands and examples are run, its tables are complete."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
import json
import os
from pathlib import Path
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from custom_components.amps.simulator.control import CONTROL_ROUTES
from custom_components.amps.simulator.faults.kinds import FAULT_KINDS, WELL_KNOWN

_ROOT = Path(__file__).parents[2]
_MANUAL = (_ROOT / "docs/simulator.md").read_text()
_PACKAGE = _ROOT / "custom_components/amps/simulator"
_PROGRAM = (sys.executable, "-m", "amps_simulator")
_TIMEOUT = 60
_LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the manual and the answer that it shows."""

    command: str
    answer: str


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _MANUAL, re.MULTILINE | re.DOTALL)


def _steps() -> list[Step]:
    shown = "\n".join(_blocks("console"))
    return [Step(*part.partition("\n")[::2]) for part in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a folder with the simulator as another project would copy it by the manual."""
    (tmp_path / "amps_simulator").symlink_to(_PACKAGE)
    return tmp_path


@contextmanager
def _simulator(folder: Path) -> Iterator[str]:
    """Run the simulator as the manual does, at a free port, and yield its URL."""
    _, *options = shlex.split(_blocks("sh")[0])
    command = [*_PROGRAM, *options, "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603  our own
        try:
            assert program.stdout is not None
            yield program.stdout.readline().split()[2]
        finally:
            program.terminate()


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  commands of ours and of our manual
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True, timeout=_TIMEOUT
    )


def _shown(answer: str) -> object:
    """Read an answer as JSON in which things are left out: of an object as a member, of a list as an item."""
    within: list[str] = []
    text = ""
    for token in re.findall(r'"(?:\\.|[^"\\])*"|.', answer, re.DOTALL):
        if token in "{[":
            within.append(token)
        elif token in "}]":
            within.pop()
        left_out = '"…": 0' if within and within[-1] == "{" else '"…"'
        text += left_out if token == _LEFT_OUT else token
    return json.loads(text)


def _matches(shown: object, answered: object) -> bool:
    match shown, answered:
        case dict(), dict():
            names = shown.keys() - {_LEFT_OUT}
            complete = _LEFT_OUT in shown or names == answered.keys()
            return complete and all(name in answered and _matches(shown[name], answered[name]) for name in names)
        case list(), list():
            items = [item for item in shown if item != _LEFT_OUT]
            complete = len(items) < len(shown) or len(items) == len(answered)
            return (
                complete
                and len(items) <= len(answered)
                and all(map(_matches, items, answered[: len(items)], strict=True))
            )
        case _:
            return shown == answered


@pytest.mark.skipif(shutil.which("curl") is None, reason="the manual's commands are made with curl, which is not here")
def test_every_command_is_answered_as_shown(elsewhere: Path) -> None:
    bash = str(shutil.which("bash"))
    steps = _steps()
    exports: list[str] = []
    with _simulator(elsewhere) as url:
        for step in steps:
            command = step.command.replace("http://127.0.0.1:8124", url)
            if command.startswith("export "):
                exports.append(command)
                continue
            ran = _run([bash, "-c", "; ".join([*exports, command])], elsewhere)
            assert ran.returncode == 0, ran.stderr
            assert bool(ran.stdout) is bool(step.answer.strip()), step
            if ran.stdout:
                answered = json.loads(ran.stdout)
                assert _matches(_shown(step.answer), answered), f"{step.command}\n{ran.stdout}"
    assert len(steps) >= 30


@pytest.mark.parametrize(
    ("shown", "answered", "same"),
    [
        ('{"a": 1, …}', {"a": 1, "b": 2}, True),
        ('{"a": 1}', {"a": 1, "b": 2}, False),
        ('{"a": 1, …}', {"b": 2}, False),
        ('{"a": [{"b": "…x"}, …]}', {"a": [{"b": "…x"}, 2]}, True),
        ('{"a": [1]}', {"a": [1, 2]}, False),
        ('{"a": [1, 2, …]}', {"a": [1]}, False),
        ('{"a": 1}', {"a": 2}, False),
    ],
)
def test_answer_is_compared_with_all_that_is_shown(shown: str, answered: object, *, same: bool) -> None:
    assert _matches(_shown(shown), answered) is same


def test_examples_for_other_projects_pass_without_this_one(elsewhere: Path) -> None:
    examples = _blocks("python")
    for number, example in enumerate(examples):
        (elsewhere / f"test_example_{number}.py").write_text(example)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(elsewhere), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    ran = _run(command, elsewhere, environment)
    assert ran.returncode == 0, ran.stdout
    assert f"{len(examples)} passed" in ran.stdout


def test_every_fault_every_id_and_every_route_is_named() -> None:
    assert [name for name in (*FAULT_KINDS, *WELL_KNOWN) if f"`{name}`" not in _MANUAL] == []
    routes = {f"/_simulator/{first}" for _, first, *_ in CONTROL_ROUTES}
    assert {route for route in routes if route not in _MANUAL} == set()
    below = {key[-1] for key in CONTROL_ROUTES if key[3:]}
    assert {name for name in below if f"/{name}`" not in _MANUAL} == set()


def test_every_option_of_the_program_is_named(elsewhere: Path) -> None:
    said = _run([*_PROGRAM, "--help"], elsewhere)
    options = set(re.findall(r"--[a-z-]+", said.stdout)) - {"--help"}
    assert {option for option in options if f"`{option}`" not in _MANUAL} == set()
