"""How long it takes until people see what became of a command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Final, override

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.amps import simulator
from custom_components.amps.api import Request, Response
from custom_components.amps.api.models import Battery
from custom_components.amps.const import CONF_WEBHOOK_SECRET, DOMAIN
from custom_components.amps.runtime import AmpsConfigEntry

from .account import Answering, account, home_assistant
from .endpoint import SECRET, Endpoint
from .result import Result

ROUNDS: Final = 20
ALLOWANCE: Final = 50.0
"""Milliseconds that may pass besides the round trips (design §11)."""
SETTLE: Final = 0.2
"""Seconds until an action ends: before it is polled for the first time, and after its answer came."""
SANDBOX_KEY: Final = "sk_test_benchmark"


class _Timing(Answering):
    """Notes how long each request takes."""

    def __init__(self, home: simulator.Simulator) -> None:
        """Ask the simulator for everything."""
        super().__init__(home, {})
        self.took: list[tuple[str, float]] = []
        """The method of each request, and its round trip in ms."""

    @override
    async def send(self, request: Request) -> Response:
        start = perf_counter()
        try:
            return await super().send(request)
        finally:
            self.took.append((request.method, (perf_counter() - start) * 1000))

    def longest(self, method: str) -> float:
        """Return the longest round trip of a method since the times were cleared."""
        return max(each for name, each in self.took if name == method)


class _Watch:
    """Notes when a sensor of a battery comes to show something, and when an action is reported."""

    def __init__(self, hass: HomeAssistant, entry: AmpsConfigEntry) -> None:
        """Watch the first battery that takes every command at once."""
        self._hass = hass
        self.seen: dict[str, float] = {}
        self.device = next(
            record.device
            for record in entry.runtime_data.coordinator.data.values()
            if isinstance(record.device, Battery) and record.device.metadata.model == "H1-5.0-E"
        )
        (found,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, self.device.id)})
        self.target = {"device_id": found.id}
        registry = er.async_get(hass)
        self._sensors = {
            registry.async_get_entity_id("sensor", DOMAIN, f"{self.device.id}_{key}")
            for key in ("last_action", "power")
        }
        hass.bus.async_listen("state_changed", self._on_state)
        hass.bus.async_listen("amps_action", self._on_action)

    @callback
    def _on_state(self, event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.entity_id in self._sensors:
            self.seen[state.state] = perf_counter()

    @callback
    def _on_action(self, event: Event) -> None:
        self.seen[f"event {event.data['state']}"] = perf_counter()

    @contextmanager
    def times(self, results: list[float]) -> Iterator[Callable[..., None]]:
        """Yield what notes how long it took, in ms, until all of something was seen."""
        self.seen.clear()
        start = perf_counter()
        yield lambda *names: results.append((max(self.seen[name] for name in names) - start) * 1000)


def _result(what: str, values: list[float], floors: list[float]) -> Result:
    return Result(
        what=f"{what}, against the round trip and {ALLOWANCE:.0f} ms",
        value=median(values),
        unit="ms",
        floor=median(floors) + ALLOWANCE,
        goal=1,
        ok_besides=len(values) == len(floors) == ROUNDS,
    )


async def live() -> AsyncIterator[Result]:
    """B6: a command that is accepted, and the end of its action by a webhook."""
    quick = simulator.Timing(live_acceptance=timedelta(), live_settle=timedelta(seconds=SETTLE))
    home = simulator.create_simulator("showcase", seed="benchmark", clock=simulator.real_clock(), timing=quick)
    transport = _Timing(home)
    accepted, ended = list[float](), list[float]()
    accepted_floors, ended_floors = list[float](), list[float]()
    async with (
        home_assistant() as hass,
        account(transport, hass, options={CONF_WEBHOOK_SECRET: SECRET}) as entry,
    ):
        watch, endpoint = _Watch(hass, entry), Endpoint(hass, entry, home)
        for number in range(ROUNDS):
            transport.took.clear()
            with watch.times(accepted) as done:
                command = "idle" if number % 2 else "charge"
                await hass.services.async_call(DOMAIN, command, watch.target, blocking=True)
                done("acknowledged", "event acknowledged")
            accepted_floors.append(transport.longest("POST"))
            start = perf_counter()
            await endpoint.send(b"{}", {})
            ended_floors.append((perf_counter() - start) * 1000)
            await asyncio.sleep(max(endpoint.next_delivery, 0.0) + 0.001)
            with watch.times(ended) as done:
                await endpoint.deliver()
                done("completed", "event completed")
    yield _result("command to last action and event", accepted, accepted_floors)
    yield _result("delivery of an end to last action and event", ended, ended_floors)


async def sandbox() -> AsyncIterator[Result]:
    """B6 as well: the effect of a command in the sandbox, which the lists show at once."""
    settled = simulator.Timing(settle=timedelta())
    home = simulator.create_simulator("showcase", seed="benchmark", clock=simulator.real_clock(), timing=settled)
    transport = _Timing(home)
    values, floors = list[float](), list[float]()
    async with home_assistant() as hass, account(transport, hass, key=SANDBOX_KEY) as entry:
        watch = _Watch(hass, entry)
        for number in range(ROUNDS):
            power = 1 + number % 2
            transport.took.clear()
            with watch.times(values) as done:
                await hass.services.async_call(DOMAIN, "charge", {**watch.target, "power": power}, blocking=True)
                done(f"{float(power)}")
            floors.append(transport.longest("POST") + transport.longest("GET"))
    yield _result("command to its effect in the sandbox", values, floors)
