"""The HTTP server: what only a network can do to the simulator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from custom_components.amps.simulator import create_simulator, frozen_clock
from custom_components.amps.simulator.server import app, serve

_HEADERS = {"x-api-key": "sk_test_server", "content-type": "application/json"}
_ROOT = Path(__file__).parents[2]


@pytest.fixture
async def url(socket_enabled: None) -> AsyncIterator[str]:
    """Return the URL of a served simulator."""
    simulator = create_simulator("showcase", seed="server", clock=frozen_clock(datetime(2026, 6, 14, 12, tzinfo=UTC)))
    async with serve(simulator) as address:
        yield address


async def _exchange(url: str, *parts: bytes, close: bool = False) -> tuple[int, dict[str, Any]]:
    """Send raw bytes and return status and body of the answer."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        if close:
            return 0, {}
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
            )
            return int(head.split()[1]), json.loads(await reader.readexactly(length))
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def _head(url: str, method: str, target: str, *lines: str) -> bytes:
    host = f"Host: {urlsplit(url).netloc}"
    return "\r\n".join([f"{method} {target} HTTP/1.1", host, "X-Api-Key: sk_test_server", *lines, "", ""]).encode(
        "latin-1"
    )


@pytest.mark.parametrize(
    "target", ["/battery/%FF%FE", "/battery/%ED%A0%80", "/battery/%00", "/battery/a%2Fb", "/%", "/battery/%zz"]
)
async def test_path_of_odd_bytes_is_not_found(url: str, target: str) -> None:
    status, document = await _exchange(url, _head(url, "GET", target))
    assert status == 404
    assert document["success"] is False


async def test_query_of_odd_bytes_is_refused(url: str) -> None:
    status, document = await _exchange(url, _head(url, "GET", "/battery?limit=%FF"))
    assert (status, document["error"]["code"]) == (400, "VALIDATION_ERROR")


def _names(url: str, *names: str) -> list[str]:
    return [f"{name}:{urlsplit(url).port}" for name in names]


async def _status(url: str, target: str, *lines: str) -> int:
    """Return the status of the answer to a POST with just these lines in its head, and a body."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    body = b'{"key": "sk_test_other", "state": "revoked"}'
    lines = (*lines, "X-Api-Key: sk_test_server", "Content-Type: application/json", f"Content-Length: {len(body)}")
    writer.write("\r\n".join([f"POST {target} HTTP/1.1", *lines, "", ""]).encode() + body)
    async with asyncio.timeout(10):
        status = int((await reader.readuntil(b"\r\n")).split()[1])
    writer.close()
    return status


_PUBLIC, _CONTROL = "/battery/device_nobody", "/_simulator/keys"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
async def test_server_answers_to_the_names_of_this_machine(url: str, name: str) -> None:
    (host,) = _names(url, name)
    for origin in ((), (f"Origin: http://{host}",)):
        assert await _status(url, _PUBLIC, f"Host: {host}", *origin) == 400
        assert await _status(url, _CONTROL, f"Host: {host}", *origin) == 200


@pytest.mark.parametrize("target", [_PUBLIC, _CONTROL])
async def test_request_for_another_host_is_refused_before_anything_is_done(url: str, target: str) -> None:
    """As with DNS rebinding, where the name of a foreign page resolves to this machine."""
    hosts = [*_names(url, "evil.test", "127.0.0.1.evil.test", "192.168.1.1", "simulator"), "127.0.0.1", "localhost:1"]
    for host in (*hosts, f"{urlsplit(url).netloc}, evil.test"):
        assert await _status(url, target, f"Host: {host}") == 403, host
    async with aiohttp.ClientSession() as session, session.get(f"{url}/_simulator/keys") as response:
        assert (await response.json())["data"]["revoked"] == 0
    assert await _total(url) == 0


@pytest.mark.parametrize("target", [_PUBLIC, _CONTROL])
async def test_request_of_a_page_of_another_origin_is_refused_before_anything_is_done(url: str, target: str) -> None:
    host = urlsplit(url).netloc
    for origin in ("http://evil.test", f"https://{host}", f"http://{host}.evil.test", "http://127.0.0.1:1", "null", ""):
        assert await _status(url, target, f"Host: {host}", f"Origin: {origin}") == 403, origin
    async with aiohttp.ClientSession() as session, session.get(f"{url}/_simulator/keys") as response:
        assert (await response.json())["data"]["revoked"] == 0
    assert await _total(url) == 0


async def test_server_on_all_addresses_answers_to_the_one_that_it_was_asked_at(socket_enabled: None) -> None:
    simulator = create_simulator("showcase", seed=1, clock=frozen_clock(datetime(2026, 6, 14, tzinfo=UTC)))
    async with serve(simulator, host="0.0.0.0") as everywhere:  # noqa: S104  what is tested
        url = f"http://127.0.0.1:{urlsplit(everywhere).port}"
        for name, status in (("127.0.0.1", 200), ("localhost", 200), ("192.168.1.1", 403), ("evil.test", 403)):
            assert await _status(url, _CONTROL, f"Host: {_names(url, name)[0]}") == status


@pytest.mark.parametrize("size", [64 * 1024 + 1, 900_000, 5_000_000])
async def test_long_body_is_refused_without_closing_the_connection(url: str, size: int) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/battery/device_x", data=b" " * size, headers=_HEADERS) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "VALIDATION_ERROR"


async def test_body_in_pieces_is_put_together(url: str) -> None:
    status, document = await _exchange(
        url,
        _head(url, "POST", "/battery/device_x", "Content-Type: application/json", "Transfer-Encoding: chunked"),
        b'c\r\n{"action": {\r\n',
        b'13\r\n"command": "idle"}}\r\n',
        b"0\r\n\r\n",
    )
    assert (status, document["error"]["code"]) == (404, "DEVICE_NOT_FOUND")


async def test_compressed_body_is_read(url: str) -> None:
    body = gzip.compress(b'{"action": {"command": "idle"}}')
    headers = {**_HEADERS, "Content-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/battery/device_x", data=body, headers=headers) as response,
    ):
        assert (await response.json())["error"]["code"] == "DEVICE_NOT_FOUND"


async def test_body_that_is_not_compressed_as_it_says_is_refused(url: str) -> None:
    status, document = await _exchange(
        url,
        _head(
            url,
            "POST",
            "/battery/device_x",
            "Content-Type: application/json",
            "Content-Encoding: gzip",
            "Content-Length: 9",
        ),
        b"no gzip!!",
    )
    assert status == 400
    assert document == {} or document["error"]["code"] == "VALIDATION_ERROR"


async def test_closed_connection_does_not_disturb_the_server(url: str) -> None:
    head = _head(url, "POST", "/battery/device_x", "Content-Type: application/json", "Content-Length: 1000")
    for _ in range(5):
        await _exchange(url, head, b'{"action":', close=True)
    status, _ = await _exchange(url, _head(url, "GET", "/battery"))
    assert status == 200


async def test_simultaneous_requests_are_all_answered(url: str) -> None:
    async with aiohttp.ClientSession(headers=_HEADERS) as session:

        async def total() -> int:
            async with session.get(f"{url}/battery", params={"limit": "50"}) as response:
                count: int = (await response.json())["data"]["pagination"]["total"]
                return count

        assert await asyncio.gather(*(total() for _ in range(100))) == [3] * 100


async def test_port_is_freed_when_the_server_stops(url: str) -> None:
    del url
    simulator = create_simulator("showcase", seed=1, clock=frozen_clock(datetime(2026, 6, 14, tzinfo=UTC)))
    async with serve(simulator) as first:
        port = urlsplit(first).port
    assert port
    async with serve(simulator, port=port) as second:
        assert second == first


async def test_body_that_never_ends_is_answered(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_READ_TIMEOUT", 0.05)
    status, document = await _exchange(
        url,
        _head(url, "POST", "/battery/device_x", "Content-Type: application/json", "Content-Length: 1000"),
        b'{"action":',
    )
    assert (status, document["error"]["code"]) == (400, "VALIDATION_ERROR")


async def _fault(url: str, kind: str, **members: object) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/_simulator/faults", json={"kind": kind, **members}) as response,
    ):
        assert response.status == 200


async def _get(url: str, seconds: float | None = None) -> int:
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(f"{url}/battery", headers=_HEADERS) as response,
    ):
        await response.read()
        return response.status


async def test_answer_that_never_comes_leaves_the_connection_open(url: str) -> None:
    await _fault(url, "timeout", count=1)
    with pytest.raises(TimeoutError):
        await _get(url, 0.2)
    assert await _get(url, 10) == 200


async def test_closed_connection_ends_without_an_answer(url: str) -> None:
    await _fault(url, "disconnect", count=2)  # aiohttp repeats a GET once by itself
    with pytest.raises((aiohttp.ServerDisconnectedError, ConnectionResetError, aiohttp.ClientOSError)):
        await _get(url, 10)
    assert await _get(url, 10) == 200


async def test_delayed_answer_does_not_delay_others(url: str) -> None:
    await _fault(url, "latency", seconds=0.2, count=1)
    begun = asyncio.get_running_loop().time()
    late = asyncio.create_task(_get(url, 10))
    await asyncio.sleep(0.05)
    assert await _get(url, 10) == 200
    assert not late.done()
    assert await late == 200
    assert asyncio.get_running_loop().time() - begun >= 0.2


@pytest.mark.parametrize(("kind", "members"), [("timeout", {}), ("latency", {"seconds": 3600})])
async def test_server_stops_although_answers_are_pending(
    socket_enabled: None, caplog: pytest.LogCaptureFixture, kind: str, members: dict[str, object]
) -> None:
    simulator = create_simulator("showcase", seed=1, clock=frozen_clock(datetime(2026, 6, 14, tzinfo=UTC)))
    async with asyncio.timeout(5):
        async with serve(simulator) as address:
            await _fault(address, kind, **members)
            waiting = [await _send(address) for _ in range(3)]
            assert await _total(address) == 3
        for reader, writer in waiting:
            with suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


async def _send(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a request and do not wait for its answer."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(_head(url, "GET", "/battery"))
    await writer.drain()
    return reader, writer


async def _total(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/_simulator/requests") as response:
        total: int = (await response.json())["data"]["total"]
        return total


async def test_client_that_gives_up_waiting_ends_its_request(url: str) -> None:
    await _fault(url, "timeout")
    before = asyncio.all_tasks()
    writers = [(await _send(url))[1] for _ in range(5)]
    assert await _total(url) == 5
    handling = asyncio.all_tasks() - before
    assert len(handling) >= 5
    for writer in writers:
        writer.close()
    done, pending = await asyncio.wait(handling, timeout=5)
    assert (len(done), pending) == (len(handling), set())
