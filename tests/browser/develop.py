"""scripts/develop, run as a person runs it."""

from pathlib import Path
import signal
import socket
import subprocess
import time

REPOSITORY = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
# The first start on a machine compiles all of Home Assistant's Python.
START_TIMEOUT = 300
STOP_TIMEOUT = 60


class Develop:
    """One configuration folder, and scripts/develop running on it."""

    def __init__(self, folder: Path, port: int) -> None:
        """Use a folder that may not exist yet."""
        self.config = folder / "config"
        self.url = f"http://{LOOPBACK}:{port}"
        self._port = port
        self._output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """All that the starts so far have put on the terminal, Home Assistant's log included."""
        return self._output.read_text()

    def start(self) -> float:
        """Start, and return how many seconds it took until everything was there."""
        said_before = len(self.output) if self._output.exists() else 0
        command = (REPOSITORY / "scripts" / "develop", "--port", str(self._port), "--config", self.config)
        began = time.monotonic()
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603  our own
        while "develop: ready" not in (said := self.output[said_before:]):
            waited = time.monotonic() - began
            assert self._process.poll() is None, f"scripts/develop has ended:\n{said}"
            assert "develop: not everything is there" not in said, said
            assert waited < START_TIMEOUT, f"scripts/develop is not ready:\n{said}"
            # Another process starts in its own time; all that can be done is to look again.
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> int:
        """Press Ctrl-C and return the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(STOP_TIMEOUT)


def free_port() -> int:
    """Return a port that nothing listens on just now."""
    with socket.create_server((LOOPBACK, 0)) as server:
        return int(server.getsockname()[1])
