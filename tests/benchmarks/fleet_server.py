"""Serves the lists of a fleet, rendered once: python -m tests.benchmarks.fleet_server DEVICES."""

import asyncio
from contextlib import suppress
import sys
from urllib.parse import parse_qs, urlsplit

from custom_components.amps import simulator

from .account import INSTANT, LISTS, PAGE, ask


def render(devices: int) -> dict[tuple[str, str], bytes]:
    """Return whole HTTP answers by path and offset."""
    clock = simulator.frozen_clock(INSTANT)
    home = simulator.create_simulator("fleet", seed="benchmark", clock=clock, device_count=devices)
    answers = {}
    for path in LISTS:
        for offset in range(0, devices // len(LISTS), PAGE):
            body = ask(home, path, {"limit": str(PAGE), "offset": str(offset)})
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            answers[path, str(offset)] = head.encode() + body
    return answers


async def serve(devices: int) -> None:
    """Answer until somebody ends the process; the first line of the output is the URL."""
    answers = render(devices)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                url = urlsplit(request.split(b" ", 2)[1].decode())
                writer.write(answers[url.path, parse_qs(url.query)["offset"][0]])
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
