"""Malformed requests, thousands of them, sent to the simulator as a program of its own (api §15.1 #3)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
import json
from pathlib import Path
import sys

import aiohttp
import pytest
from yarl import URL

from custom_components.amps.simulator.control import CONTROL_ROUTES

from .fuzzing import Inventory, Malformed, malformed
from .fuzzing.garbage import garbage
from .fuzzing.wire import Wire, WireResponse
from .harness import START, Api, OverHttp

_SEED = "amps"
_COUNT = 20_250
_GARBAGE = 500
_WORKERS = 4
_BETWEEN_GOOD_ONES = 250
_ROOT = Path(__file__).parents[2]
_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
_GOOD = b"GET /battery HTTP/1.1\r\nHost: %b\r\nx-api-key: sk_test_good\r\n\r\n"


@asynccontextmanager
async def _program() -> AsyncIterator[str]:
    """Run the simulator with a frozen clock, and yield its URL."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "custom_components.amps.simulator", "--port", "0"),
        *("--start", START.isoformat(), "--settle", "86400"),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            said = (await process.stdout.readline()).decode()
        yield next(word for word in said.split() if word.startswith("http"))
        assert process.returncode is None
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _service() -> AsyncIterator[tuple[Api, str, int]]:
    """Yield a service with open actions, its host and its port."""
    async with _program() as url, aiohttp.ClientSession() as session:
        api = OverHttp(session=session, url=url)
        await api.set_clock(frozen=True)
        await api.push(await api.device("battery"), "charge", start="1h")
        await api.push(await api.device("hvac"), "idle")
        await api.post(
            f"{api.path(await api.device('ev-charger'))}/settings", {"max_charge_rate": {"value": 5, "unit": "kw"}}
        )
        address = URL(url)
        assert address.host is not None
        assert address.port is not None
        yield api, address.host, address.port


def _control_routes() -> Iterator[tuple[str, str]]:
    for method, *segments in CONTROL_ROUTES:
        yield method, "/".join(("/_simulator", *segments))


async def _inventory(api: Api) -> Inventory:
    devices = [device for segment in _SEGMENTS for device in await api.devices(segment)]
    return Inventory(
        readings={api.path(device): await api.read(device) for device in devices},
        actions=[action["id"] for action in (await api.get("/actions")).data["items"]],
        control=list(_control_routes()),
    )


async def _everything(api: Api, inventory: Inventory) -> dict[str, bytes]:
    """Return all answers to reads, except the log of requests."""
    lists = [f"/{segment}" for segment in (*_SEGMENTS, "actions")]
    control = [
        path for method, path in inventory.control if method == "GET" and "*" not in path and "request" not in path
    ]
    paths = [*lists, *inventory.readings, *control]
    answers = {path: (await api.get(path)).raw for path in paths}
    live = {"x-api-key": "sk_live_good"}
    return answers | {f"live {path}": (await api.send("GET", path, headers=live)).raw for path in paths}


def _error(request: Malformed, answer: WireResponse | None) -> str | None:
    """Return what is wrong with the answer to a malformed request."""
    if answer is None:
        return "no answer"
    if answer.status not in request.statuses:
        return f"{answer.status} {answer.body[:300]!r}"
    try:
        document = json.loads(answer.body)
        enveloped = document["success"] is False and document["error"]["code"] and document["error"]["message"]
    except ValueError, KeyError, TypeError:
        enveloped = False
    return None if enveloped else f"no envelope: {answer.body[:300]!r}"


async def _try(wire: Wire, request: Malformed) -> str | None:
    try:
        return _error(request, await wire.exchange(request.wire(wire.host)))
    except TimeoutError:
        wire.close()
        return "neither an answer nor an end"


async def _good(wire: Wire) -> bytes:
    answer = await wire.exchange(_GOOD % wire.host.encode())
    assert answer is not None
    assert answer.status == 200
    return answer.body


def _simpler(request: Malformed) -> Iterable[Malformed]:
    """Yield the request with fewer headers or a shorter body."""
    for at in range(len(request.headers)):
        yield replace(request, headers=request.headers[:at] + request.headers[at + 1 :])
    half = len(request.body) // 2
    if half:
        yield replace(request, body=request.body[:half])
        yield replace(request, body=request.body[half:])


async def _simplest(wire: Wire, request: Malformed, error: str) -> Malformed:
    """Return the smallest request with the same wrong answer."""
    for simpler in _simpler(request):
        if await _try(wire, simpler) == error:
            return await _simplest(wire, simpler, error)
    return request


@pytest.mark.timeout(600)
async def test_malformed_requests_are_refused_and_change_nothing(socket_enabled: None) -> None:
    """Each request is malformed by construction, and must get the status of what is wrong."""
    print(f"seed {_SEED!r}, {_COUNT} requests")  # noqa: T201  pytest shows it when the test fails
    kinds: Counter[str] = Counter()
    async with _service() as (api, host, port):
        inventory = await _inventory(api)
        before = await _everything(api, inventory)

        async def send(indices: Iterable[int]) -> None:
            async with Wire.to(host, port) as wire:
                good = await _good(wire)
                for done, index in enumerate(indices):
                    request = malformed(_SEED, index, inventory)
                    kinds[request.kind] += 1
                    if (error := await _try(wire, request)) is not None:
                        simplest = await _simplest(wire, request, error)
                        pytest.fail(f"#{index} {request.kind}: {error}\n{simplest.wire(wire.host)[:3000]!r}")
                    if done % _BETWEEN_GOOD_ONES == 0:
                        assert await _good(wire) == good, f"another answer after #{index} {request.kind}"

        async with asyncio.TaskGroup() as tasks:
            for worker in range(_WORKERS):
                tasks.create_task(send(range(worker, _COUNT, _WORKERS)))
        assert await _everything(api, inventory) == before
    assert kinds.total() == _COUNT >= 20_000
    assert min(kinds.values()) >= 500


async def test_bytes_that_are_no_http_are_refused(socket_enabled: None) -> None:
    """What the HTTP parser refuses never reaches the simulator: it gets a 400 without envelope or no answer."""
    print(f"seed {_SEED!r}, {_GARBAGE} times garbage")  # noqa: T201  pytest shows it when the test fails
    outcomes: Counter[str] = Counter()
    async with _service() as (api, host, port):
        inventory = await _inventory(api)
        before = await _everything(api, inventory)

        async def send(indices: Iterable[int]) -> None:
            for index in indices:
                async with Wire.to(host, port) as wire:
                    sent = garbage(_SEED, index, wire.host)
                    try:
                        answer = await wire.exchange(sent, last=True)
                    except TimeoutError:
                        pytest.fail(f"#{index}: neither an answer nor an end to {sent!r}")
                outcome = _outcome(answer)
                assert outcome is not None, f"#{index}: {answer} to {sent!r}"
                outcomes[outcome] += 1

        async with asyncio.TaskGroup() as tasks:
            for worker in range(_WORKERS):
                tasks.create_task(send(range(worker, _GARBAGE, _WORKERS)))
        assert await _everything(api, inventory) == before
    assert outcomes.total() == _GARBAGE
    assert set(outcomes) == {"hung up", "refused by the parser", "for another host", "enveloped"}


def _outcome(answer: WireResponse | None) -> str | None:
    if answer is None:
        return "hung up"
    if answer.headers.get("content-type", "").startswith("application/json"):
        document = json.loads(answer.body)
        return "enveloped" if document["success"] is False and 400 <= answer.status < 500 else None
    return {400: "refused by the parser", 403: "for another host"}.get(answer.status)
