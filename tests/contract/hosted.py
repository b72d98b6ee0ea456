"""The contract suite against the hosted service: with the devices of the account, in real time.

It runs there when the environment has a key, AMPS_API_KEY, and at AMPS_API_URL when that is set. What tests need and
the hosted service does not have is in behaviours.yaml, under `needs`.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import os
from typing import override

import pytest

from .harness import ApiResponse, Document, OverHttp, Query

KEY = os.environ.get("AMPS_API_KEY")
URL = os.environ.get("AMPS_API_URL", "https://api.amps.ai")

_ANY = {"immediate", "scheduled", "windowed"}
_STANDING = {"immediate", "scheduled"}
_SUITABLE: Mapping[str, Mapping[str, set[str]]] = {
    "battery": {"charge": _ANY, "discharge": _ANY, "idle": _STANDING},
    "ev-charger": {"charge": _ANY, "idle": _STANDING},
    "hvac": {"heat": _ANY, "idle": _STANDING},
    "solar-inverter": {},
    "vehicle": {},
}
"""What a device of each type has to declare for the tests: commands, and in which shapes."""

_POLL = 2.0
_MAX_WAIT = 300.0
"""Seconds; in the sandbox an action takes up to three minutes to its end (api §6.4)."""


@dataclass(kw_only=True)
class Hosted(OverHttp):
    """The hosted service, which has no control surface."""

    @override
    async def send(
        self, method: str, path: str, *, query: Query = (), headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> ApiResponse:
        assert not path.startswith("/_simulator"), "this test needs more than the hosted service gives: say so"
        return await super().send(method, path, query=query, headers=headers, body=body)

    @override
    async def device(self, segment: str, index: int = 0) -> Document:
        """Return a device that declares what the tests need, once it has no open action."""
        wanted = _SUITABLE[segment]
        suitable = [
            device
            for device in await self.devices(segment)
            if all(shapes <= set(_execution(device, command)) for command, shapes in wanted.items())
        ]
        if not suitable[index:]:
            pytest.skip(f"the account has no {segment} that declares {wanted}")
        device = suitable[index]
        await self._free(device)
        return device

    async def _free(self, device: Document) -> None:
        """Cancel what is scheduled, and wait for the end of what cannot be cancelled."""
        for action in (await self.get("/actions", deviceId=device["id"], state="scheduled", limit=50)).data["items"]:
            await self.post(f"/actions/{action['id']}/cancel")
        async with asyncio.timeout(_MAX_WAIT):
            while (await self.get("/actions", deviceId=device["id"], state="acknowledged")).data["items"]:  # noqa: ASYNC110  nothing says when it is so
                await asyncio.sleep(_POLL)  # the only place that waits: the time of the service cannot be moved


def _execution(device: Document, command: str) -> list[str]:
    execution: list[str] = device.get("commands", {}).get(command, {}).get("execution", [])
    return execution
