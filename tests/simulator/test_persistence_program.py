"""The program that saves the state of its simulator in a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
import json
from pathlib import Path
import signal
import subprocess
import sys
from typing import Any
from urllib.request import Request, urlopen

import pytest

from custom_components.amps.simulator import create_simulator, frozen_clock
from custom_components.amps.simulator.server.program import main
from custom_components.amps.simulator.server.state_file import saved_in

_START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
_ROOT = Path(__file__).parents[2]
_HEADERS = {"x-api-key": "sk_test_program", "content-type": "application/json"}

pytestmark = pytest.mark.usefixtures("socket_enabled")


@contextmanager
def _program(state: Path, complaint: str = "") -> Iterator[str]:
    """Run the program, yield its URL, and interrupt it at the end."""
    arguments = [sys.executable, "-m", "custom_components.amps.simulator", "--port", "0", "--state", str(state)]
    with subprocess.Popen(  # noqa: S603  the arguments are the tests' own
        arguments, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            yield next(word for word in program.stdout.readline().split() if word.startswith("http://"))
        finally:
            program.send_signal(signal.SIGTERM)
            assert program.wait(timeout=15) == 0
        assert complaint in program.stderr.read()


def _ask(url: str, document: object = None) -> Any:  # noqa: ANN401  whatever is asked for
    body = None if document is None else json.dumps(document).encode()
    with urlopen(Request(url, headers=_HEADERS, data=body), timeout=10) as response:  # noqa: S310  our own server
        return json.load(response)["data"]


def test_program_continues_from_its_saved_state(tmp_path: Path) -> None:
    state = tmp_path / "home.json"
    with _program(state) as url:
        battery = _ask(f"{url}/battery")["items"][0]["id"]
        action = _ask(f"{url}/battery/{battery}", {"action": {"command": "charge"}})
        assert state.exists()
    with _program(state) as url:
        assert _ask(f"{url}/actions/{action['id']}")["command"] == "charge"
        assert _ask(f"{url}/_simulator/state")["log"]
    assert [path.name for path in tmp_path.iterdir()] == ["home.json"]


def test_program_starts_beside_a_broken_file(tmp_path: Path) -> None:
    state = tmp_path / "home.json"
    state.write_bytes(b"{")
    with _program(state, complaint="a new home starts") as url:
        assert _ask(f"{url}/battery")["items"]
    assert (tmp_path / "home.json.broken").read_bytes() == b"{"


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 1, "home": null}', b'{"version": 0}', b"\xff\xfe"])
def test_broken_file_is_renamed(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    state = tmp_path / "home.json"
    state.write_bytes(content)
    with saved_in(state, create_simulator(seed=1, clock=frozen_clock(_START))):
        assert "a new home starts" in capsys.readouterr().err
    assert (tmp_path / "home.json.broken").read_bytes() == content
    assert json.loads(state.read_bytes())["version"] == 1


def test_renamed_file_replaces_no_other(tmp_path: Path) -> None:
    state, earlier = tmp_path / "home.json", tmp_path / "home.json.broken"
    earlier.write_bytes(b"earlier")
    for name in ("home.json.broken2", "home.json.broken3"):
        state.write_bytes(name.encode())
        with saved_in(state, create_simulator(seed=1, clock=frozen_clock(_START))):
            assert (tmp_path / name).read_bytes() == name.encode()
    assert earlier.read_bytes() == b"earlier"


@pytest.mark.parametrize("other", [["--seed", "other"], ["--profile", "large_home"]])
def test_program_does_not_change_the_file_of_another_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: list[str]
) -> None:
    state = tmp_path / "home.json"
    with saved_in(state, create_simulator(seed="amps", clock=frozen_clock(_START))):
        kept = state.read_bytes()
    assert main(["--state", str(state), "--port", "0", *other]) == 1
    assert "another home" in capsys.readouterr().err
    assert state.read_bytes() == kept
    assert [path.name for path in tmp_path.iterdir()] == ["home.json"]


def test_program_reports_a_file_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for state in (tmp_path, tmp_path / "nowhere" / "home.json"):
        assert main(["--state", str(state), "--port", "0"]) == 1
        assert str(state) in capsys.readouterr().err
