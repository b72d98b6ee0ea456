"""The command line of the program."""

import argparse
import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
import errno
from pathlib import Path
import signal
import sys

from .. import PROFILES, Simulator, Timing, Webhook, create_simulator, real_clock
from ..clock import FASTEST
from ..home.profiles import SIZED
from ..webhooks.webhook import is_secret, is_url, made_secret
from .app import serve
from .state_file import StateFileError, saved_in

_KEY, _LIVE_KEY = "sk_test_simulator", "sk_live_simulator"
_STOPPING = (signal.SIGINT, signal.SIGTERM)


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.devices is not None and options.profile not in SIZED:
        parser.error(f"argument --devices: only for --profile {' or '.join(SIZED)}")
    simulator = create_simulator(
        options.profile,
        seed=options.seed,
        clock=real_clock(start=options.start, speed=options.speed),
        device_count=options.devices,
        timing=Timing(settle=timedelta(seconds=options.settle)),
        webhooks=_webhooks(options),
    )
    try:
        with saved_in(options.state, simulator):
            asyncio.run(_run(simulator, options.host, options.port))
    except StateFileError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        where = f"{options.host} port {options.port}"
        reason = "is in use already" if error.errno == errno.EADDRINUSE else f"cannot be listened on ({error.strerror})"
        print(f"{where} {reason}; choose another one with --port or --host.", file=sys.stderr)
        return 1
    return 0


async def _run(simulator: Simulator, host: str, port: int) -> None:
    """Serve until a signal to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPING:
        # Windows has no such handlers; there an interrupt ends the program as it ends any other.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with serve(simulator, host=host, port=port) as url:
        hint = f"try: curl -H 'x-api-key: {_KEY}' {url}/battery"
        print(f"Amps simulator: {url} | live behaviour with {_LIVE_KEY} | {hint}", flush=True)
        await stop.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m custom_components.amps.simulator",
        description="Serve a simulated Amps account over HTTP. A key that begins with sk_test_ gets the behaviour of "
        "the sandbox, one that begins with sk_live_ that of live.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8124, help="port, 0 for any free one (default: %(default)s)")
    parser.add_argument("--profile", choices=PROFILES, default="home", help="which devices (default: %(default)s)")
    parser.add_argument("--devices", type=_count, help="how many devices large_home and fleet have")
    parser.add_argument("--seed", default="amps", help="what all ids are derived from (default: %(default)s)")
    parser.add_argument("--speed", type=_speed, default=1.0, help="simulated seconds per second (default: 1)")
    parser.add_argument("--start", type=_instant, help="instant to start at, ISO 8601 with its offset (default: now)")
    parser.add_argument(
        "--settle", type=_seconds, default=3.0, help="seconds from acknowledged to completed (default: 3)"
    )
    parser.add_argument(
        "--state",
        type=Path,
        help="file to restore the state from and to save it in; it precedes the other options",
    )
    parser.add_argument("--webhook-url", type=_url, help="URL to deliver webhooks to")
    parser.add_argument(
        "--webhook-secret",
        type=_secret,
        help="secret to sign them with, whsec_ and base64 (default: from --seed)",
    )
    return parser


def _webhooks(options: argparse.Namespace) -> list[Webhook]:
    if options.webhook_url is None:
        return []
    name = "webhook_1"
    secret = options.webhook_secret or made_secret(options.seed, name)
    print(f"Webhooks go to {options.webhook_url}, signed with {secret}", flush=True)
    return [Webhook(id=name, url=options.webhook_url, secret=secret)]


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004  what a port is
        message = "must be from 0 to 65535"
        raise argparse.ArgumentTypeError(message)
    return port


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        message = "must be at least 1"
        raise argparse.ArgumentTypeError(message)
    return count


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= FASTEST:
        message = f"must be above 0 and at most {FASTEST:.0f}"
        raise argparse.ArgumentTypeError(message)
    return speed


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86400:  # noqa: PLR2004  a day
        message = "must be from 0 to 86400"
        raise argparse.ArgumentTypeError(message)
    return seconds


def _url(text: str) -> str:
    if not is_url(text):
        message = "must be a URL with http or https"
        raise argparse.ArgumentTypeError(message)
    return text


def _secret(text: str) -> str:
    if not is_secret(text):
        message = "must be whsec_ and base64"
        raise argparse.ArgumentTypeError(message)
    return text


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        message = "must have an offset, like 2026-06-14T08:00:00Z"
        raise argparse.ArgumentTypeError(message)
    return instant.astimezone(UTC)
