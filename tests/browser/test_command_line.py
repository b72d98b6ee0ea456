"""scripts/develop when it cannot do what it is asked for: one sentence, and an exit code that says so."""

from pathlib import Path
import subprocess

import pytest

from scripts.support.develop import main
from scripts.support.notes import Notes
from tests.browser.develop import REPOSITORY, Develop


def test_refuses_a_port_that_is_in_use(home: Develop, tmp_path: Path) -> None:
    result = develop("--port", home.url.rpartition(":")[2], "--config", str(tmp_path / "config"))

    assert result.returncode == 1
    assert result.stdout.splitlines()[-1].endswith(
        "(address already in use): free it, or take another one with --port."
    )
    assert not (tmp_path / "config").exists()


def test_refuses_a_folder_whose_home_assistant_is_running(home: Develop) -> None:
    result = develop("--port", "1024", "--config", str(home.config))

    assert result.returncode == 1
    assert f"Home Assistant is already running in {home.config}" in result.stdout


def test_leaves_a_home_assistant_alone_that_it_did_not_set_up(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("default_config:\n")

    result = develop("--port", "1024", "--config", str(tmp_path))

    assert result.returncode == 1
    assert f"{tmp_path} holds a Home Assistant that scripts/develop did not set up" in result.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["configuration.yaml"]


# The options themselves need no start of a program, which takes seconds.


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_refuses_what_is_no_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--port={port}"])

    assert ended.value.code == 2
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_help_says_who_is_let_in(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "For a machine of your own" in said
    assert "without a login" in said
    assert "machine of your own" in (REPOSITORY / "README.md").read_text(encoding="utf-8").replace("\n", " ")


def test_home_of_eleven_devices_that_an_earlier_version_set_up_is_the_showcase(tmp_path: Path) -> None:
    """And what is noted now is understood again."""
    file = tmp_path / "develop.json"
    file.write_text('{"homes": {"home": {"entry_id": "entry_1"}}}')

    notes = Notes(file)
    notes.save()

    assert notes.homes == {"showcase": {"entry_id": "entry_1"}}
    assert Notes(file).homes == notes.homes


def develop(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/develop with arguments that it refuses."""
    command = (str(REPOSITORY / "scripts" / "develop"), *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  our own
