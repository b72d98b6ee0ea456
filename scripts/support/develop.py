"""Start Home Assistant with a simulated home, ready to be looked at in a browser on this machine."""

import argparse
import asyncio
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import signal
import socket
import sys
import time

import aiohttp
from homeassistant.const import RESTART_EXIT_CODE

from scripts.support.client import connect
from scripts.support.dashboard import show_dashboard
from scripts.support.energy import show_energy
from scripts.support.failure import DevelopError
from scripts.support.notes import Notes
from scripts.support.output import say
from scripts.support.seed import LOOPBACK, REPOSITORY, owner_id, seed
from scripts.support.simulated_home import show_home

PROFILES = ("home", "showcase", "large_home", "fleet")
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RUN_HOME_ASSISTANT = Path(__file__).with_name("run_home_assistant.py")


class Options(argparse.Namespace):
    """The command line."""

    port: int
    config: Path
    profile: str


def main(arguments: Sequence[str]) -> int:
    """Run until Home Assistant ends, and end with its exit code."""
    options = _options(arguments)
    try:
        _check_port(options.port)
        return asyncio.run(_run(options))
    except (DevelopError, OSError) as err:
        say(str(err))
        return 1


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="Starts Home Assistant with a simulated home: no login from this machine, the Amps dashboard "
        "as its start page. Sets up what is missing; everything you change later is kept.",
        epilog="For a machine of your own: whoever can reach its loopback address, which is everybody and every "
        "program on it, is let in as the owner, without a login.",
    )
    parser.add_argument("--port", type=_port, default=8123, help="where to listen, on loopback only (%(default)s)")
    parser.add_argument(
        "--config",
        type=lambda folder: Path(folder).resolve(),
        default=REPOSITORY / "config",
        metavar="DIR",
        help="the folder of Home Assistant's configuration (config in the repository); delete it to start afresh",
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default=PROFILES[0],
        help="which simulated home to show (%(default)s); the others set up before are switched off, not removed",
    )
    return parser.parse_args(arguments, Options())


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if port not in range(1, 65536):
        message = "a port is a number from 1 to 65535"
        raise argparse.ArgumentTypeError(message)
    return port


def _check_port(port: int) -> None:
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError as err:
        reason = os.strerror(err.errno).lower() if err.errno else err
        message = f"Port {port} of {LOOPBACK} cannot be used ({reason}): free it, or take another one with --port."
        raise DevelopError(message) from err


async def _run(options: Options) -> int:
    """Run Home Assistant, again whenever somebody asks it to restart."""
    while True:
        notes = seed(options.config, options.port)
        say(f"starting Home Assistant in {options.config}")
        async with _home_assistant(options.config) as process, _signals_forwarded(process) as received:
            began_well = await _furnish(process, options, notes)
            code = await process.wait()
        if not began_well and not received:
            say(f"Home Assistant ended with {code} while it was starting: what it said is above")
            return code or 1
        if code == RESTART_EXIT_CODE and not received:
            say("Home Assistant was asked to restart")
            continue
        return code if code >= 0 else 128 - code  # as a shell tells that a signal ended something


@asynccontextmanager
async def _home_assistant(config: Path) -> AsyncIterator[Process]:
    """Start Home Assistant in a process group of its own: a Ctrl-C is for us, and reaches it once."""
    # Compiling all of Home Assistant at every start takes several times as long as the start itself.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # With -P the work tree is not on the path, where it would offer custom_components a second time.
    command = (sys.executable, "-P", RUN_HOME_ASSISTANT, "--config", config)
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, env=environment, process_group=0)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def _signals_forwarded(process: Process) -> AsyncIterator[list[signal.Signals]]:
    """Pass on what asks us to end; yields what was received."""
    loop = asyncio.get_running_loop()
    received: list[signal.Signals] = []

    def forward(number: signal.Signals) -> None:
        received.append(number)
        # Always as a SIGTERM: a SIGHUP, with which a terminal goes, asks Home Assistant to restart, and while it is
        # still starting a SIGINT gets a traceback.
        with suppress(ProcessLookupError):
            process.terminate()

    for number in FORWARDED:
        loop.add_signal_handler(number, forward, number)
    try:
        yield received
    finally:
        for number in FORWARDED:
            loop.remove_signal_handler(number)


async def _furnish(process: Process, options: Options, notes: Notes) -> bool:
    """Add what only a running Home Assistant can be given; return whether it ran that long."""
    url = f"http://{LOOPBACK}:{options.port}"
    began = time.monotonic()
    ended = asyncio.create_task(process.wait())
    furnishing = asyncio.create_task(_add_home_and_dashboard(url, options, notes))
    await asyncio.wait({ended, furnishing}, return_when=asyncio.FIRST_COMPLETED)
    if ended.done():
        furnishing.cancel()
        await asyncio.gather(furnishing, return_exceptions=True)
        return False
    ended.cancel()
    try:
        await furnishing
    except (DevelopError, aiohttp.ClientError) as err:
        # It keeps running: whoever broke something wants to look at it.
        say(f"not everything is there: {err}")
    else:
        say(f"ready after {time.monotonic() - began:.0f} s: open {url} (Ctrl-C ends it)")
    return True


async def _add_home_and_dashboard(url: str, options: Options, notes: Notes) -> None:
    async with connect(url, owner_id(options.config)) as client:
        await client.wait_until_running()
        await show_home(client, notes, options.profile)
        await show_dashboard(client)
        await show_energy(client, notes, options.profile)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
