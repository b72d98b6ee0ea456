"""The Amps service as these tests have it: simulators behind HTTP."""

from dataclasses import dataclass
from typing import Any, Protocol

from homeassistant.util import dt as dt_util
import orjson

from custom_components.amps.simulator import Request, Simulator

JSON = {"Content-Type": "application/json"}


class HostClock:
    """The time of Home Assistant, which tests move."""

    now = staticmethod(dt_util.utcnow)


@dataclass(frozen=True)
class Service:
    """A simulator behind HTTP."""

    simulator: Simulator
    url: str

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Use the control surface."""
        raw = b"" if body is None else orjson.dumps(body)
        answer = self.simulator.handle(
            Request(method=method, path=f"/_simulator/{path}", query={}, headers=JSON if raw else {}, body=raw)
        )
        assert answer.status < 300, answer.body
        data: dict[str, Any] = orjson.loads(answer.body)["data"]
        return data


class ServeHome(Protocol):
    """Serves simulated homes, each at a URL of its own."""

    async def __call__(self, seed: str, fleet: int | None = None) -> Service:
        """Serve the home of a seed, or a fleet of so many devices; no two seeds share a device."""
