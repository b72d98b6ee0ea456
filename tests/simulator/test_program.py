"""The command line of the program."""

import json
from pathlib import Path
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit
from urllib.request import Request as HttpRequest, urlopen

import pytest

from custom_components.amps.simulator.server.program import main

_ROOT = Path(__file__).parents[2]


def _program(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  the arguments are the tests' own
        [sys.executable, "-m", "custom_components.amps.simulator", *arguments],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_program_prints_its_url_and_stops_cleanly(socket_enabled: None, number: signal.Signals) -> None:
    """Its one line has a URL and keys that work."""
    with _program("--port", "0", "--profile", "large_home", "--start", "2026-06-14T08:00:00Z") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        line = program.stdout.readline()
        words = line.split()
        address = next(word for word in words if word.startswith("http://"))
        assert urlsplit(address).hostname == "127.0.0.1"
        keys = {
            "sandbox": words[words.index("-H") + 2].rstrip("'"),
            "live": next(word for word in words if word.startswith("sk_live_")),
        }
        for environment, key in keys.items():
            request = HttpRequest(words[-1], headers={"x-api-key": key})  # noqa: S310  it is the URL just printed
            with urlopen(request, timeout=10) as response:  # noqa: S310  likewise
                document = json.load(response)
            assert document["data"]["pagination"]["total"] == 10
            assert document["meta"]["timestamp"].startswith("2026-06-14T08:00:")
            assert document["meta"]["environment"] == environment
        program.send_signal(number)
        assert program.wait(timeout=15) == 0
        assert program.stdout.read() == ""
        assert program.stderr.read() == ""


def test_program_reports_a_port_in_use(socket_enabled: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with _program("--port", port) as program:
            out, err = program.communicate(timeout=30)
    assert program.returncode == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert port in err
    assert "in use" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "70000"),
        ("--port", "x"),
        ("--speed", "0"),
        ("--speed", "nan"),
        ("--profile", "castle"),
        ("--devices", "0"),
        ("--settle", "-1"),
        ("--start", "2026-06-14T08:00:00"),
    ],
)
def test_program_refuses_invalid_options(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err
