"""A live account in a real Home Assistant, behind a service whose answers are ready."""

from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Final, override
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import Event, EventStateChangedData, EventStateReportedData, HomeAssistant, callback
from homeassistant.helpers import frame
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.amps import simulator
from custom_components.amps.api import AmpsClient, Request, Response, Transport
from custom_components.amps.api.models import DEVICE_CLASSES
from custom_components.amps.const import DOMAIN
from custom_components.amps.entity import AmpsEntity
from custom_components.amps.runtime import AmpsConfigEntry

INSTANT: Final = datetime(2026, 6, 14, 12, tzinfo=UTC)
KEY: Final = "sk_live_benchmark"
JSON: Final = {"Content-Type": "application/json"}
PAGE: Final = 50
LISTS: Final = tuple(f"/{device_class.path}" for device_class in DEVICE_CLASSES)


def ask(home: simulator.Simulator, path: str, query: Mapping[str, str] | None = None, method: str = "GET") -> bytes:
    """Return what a simulated service answers in live."""
    request = simulator.Request(method=method, path=path, query=query or {}, headers={"x-api-key": KEY})
    response = home.handle(request)
    if response.status >= 300:
        msg = f"{path} answered {response.status}"
        raise RuntimeError(msg)
    return response.body


def pages(home: simulator.Simulator) -> dict[str, bytes]:
    """Return the lists of a home of at most a page a type, by path."""
    return {path: ask(home, path, {"limit": str(PAGE), "offset": "0"}) for path in LISTS}


def _kind(request: Request) -> str:
    if request.method == "POST":
        return "push"
    if request.path.startswith("/actions"):
        return "action"
    return "list" if request.path in LISTS else "read"


class Answering(Transport):
    """Has the lists ready, so that what is measured begins with the bytes; asks a simulator for anything else."""

    def __init__(self, home: simulator.Simulator, lists: Mapping[str, bytes]) -> None:
        """Prepare the answers."""
        self._home = home
        self.asked: list[str] = []
        """The kind of each request."""
        self.prepare(lists)

    def prepare(self, lists: Mapping[str, bytes]) -> None:
        """Answer with other lists from now on."""
        self._answers = {path: Response(status=200, body=body) for path, body in lists.items()}

    @override
    async def send(self, request: Request) -> Response:
        self.asked.append(_kind(request))
        if (prepared := self._answers.get(request.path)) is not None:
            return prepared
        answer = self._home.handle(
            simulator.Request(
                method=request.method,
                path=request.path,
                query=request.query,
                headers=request.headers,
                body=request.body or b"",
            )
        )
        return Response(status=answer.status, body=answer.body)


@asynccontextmanager
async def home_assistant() -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant."""
    with TemporaryDirectory() as directory:
        async with async_test_home_assistant(config_dir=directory) as hass:
            frame.async_setup(hass)
            # The test helper hides integrations that are not Home Assistant's own.
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            yield hass
            await hass.async_stop(force=True)


@asynccontextmanager
async def account(
    transport: Transport, hass: HomeAssistant, *, key: str = KEY, options: Mapping[str, object] | None = None
) -> AsyncIterator[AmpsConfigEntry]:
    """Set up an account behind a transport, with every entity of its devices enabled, and wait until it is idle.

    The account's own sensors stay disabled, as they are unless somebody wants them: one counts the requests of the
    last hour, and so every poll.
    """
    entry = MockConfigEntry(domain=DOMAIN, title="Benchmark", data={}, options=options or {})
    entry.add_to_hass(hass)

    async def connect(_hass: HomeAssistant, _entry: AmpsConfigEntry) -> AmpsClient:
        return AmpsClient(transport, key)

    with (
        patch("custom_components.amps.async_connect", connect),
        patch.object(AmpsEntity, "entity_registry_enabled_default", new=True),
    ):
        await hass.config_entries.async_setup(entry.entry_id)
        if entry.state is not ConfigEntryState.LOADED:
            msg = f"the account did not load: {entry.reason}"
            raise RuntimeError(msg)
        await hass.async_block_till_done(wait_background_tasks=True)
        yield entry
        # Not only unloaded: its devices would stay its own (design §3), and the next account have none.
        await hass.config_entries.async_remove(entry.entry_id)


@dataclass(slots=True)
class Writes:
    """The entities whose states were written since it was cleared."""

    changed: list[str] = field(default_factory=list)
    in_vain: list[str] = field(default_factory=list)
    """Those that showed the very same before."""

    def clear(self) -> None:
        """Forget them."""
        self.changed.clear()
        self.in_vain.clear()


def note_writes(hass: HomeAssistant, of: Container[str]) -> Writes:
    """Note which states are written from now on of these entities."""
    writes = Writes()

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        writes.changed.append(event.data["entity_id"])

    @callback
    def reported(event: Event[EventStateReportedData]) -> None:
        writes.in_vain.append(event.data["entity_id"])

    @callback
    def is_noted(data: EventStateChangedData | EventStateReportedData) -> bool:
        return data["entity_id"] in of

    hass.bus.async_listen(EVENT_STATE_CHANGED, changed, event_filter=is_noted)
    hass.bus.async_listen(EVENT_STATE_REPORTED, reported, event_filter=is_noted)
    return writes
