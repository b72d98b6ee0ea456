"""Answers of a service in which something is wrong, over real HTTP: what is wrong costs itself and nothing else."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
import gzip
import json
from logging import WARNING
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.util import dt as dt_util
import orjson
import pytest

from custom_components.amps import diagnostics
from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, create_simulator

from ..api.mutation import Mutation, Path, encode, mutate
from .accounts import add_account
from .conftest import Advance
from .test_config_flow import start, submit

LIVE_KEY: Final = "sk_live_canary_8d14"

type Change = Callable[[str, Any], bytes | web.Response | None]
"""What is answered instead of an answer to a path; None for the answer itself."""


class _Clock:
    now = staticmethod(dt_util.utcnow)


@dataclass
class BrokenService:
    """The simulated home over HTTP, with answers that something is wrong with."""

    url: str = ""
    change: Change = lambda _path, _answer: None
    paths: list[str] = field(default_factory=list)
    """What was asked for, as it came."""

    def __post_init__(self) -> None:
        """Begin with a home in which nothing is wrong."""
        self.simulator = create_simulator("showcase", seed="broken", clock=_Clock())

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request."""
        self.paths.append(request.raw_path.partition("?")[0])
        answer = self.simulator.handle(
            Request(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers=dict(request.headers),
                body=await request.read(),
            )
        )
        changed = self.change(request.path, orjson.loads(answer.body))
        if isinstance(changed, web.Response):
            return changed
        return web.Response(
            body=answer.body if changed is None else changed, status=answer.status, content_type="application/json"
        )

    def devices_of(self, path: str) -> list[str]:
        """Return the ids of the devices of a type, as the home has them."""
        headers = {"x-api-key": LIVE_KEY}
        answer = self.simulator.handle(Request(method="GET", path=path, query={"limit": "50"}, headers=headers))
        return [item["id"] for item in orjson.loads(answer.body)["data"]["items"]]


@pytest.fixture
async def broken(socket_enabled: None) -> AsyncGenerator[BrokenService]:
    """Return the service."""
    service = BrokenService()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    server = TestServer(app)
    await server.start_server(access_log=None)
    service.url = str(server.make_url("/")).rstrip("/")
    yield service
    await server.close()


async def add_live_account(hass: HomeAssistant, url: str) -> ConfigEntry:
    """Add a live account as a person does."""
    result = await submit(hass, await start(hass, "api_key"), api_key=LIVE_KEY, advanced={"url": url})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


def in_batteries(service: BrokenService, path: Path, value: object, how: str = "replace") -> Change:
    """Return what makes something wrong with the first battery, in its list and in its single reads."""
    first = service.devices_of("/battery")[0]
    at = {"/battery": ("data", "items", 0), f"/battery/{first}": ("data",)}

    def change(asked: str, answer: Any) -> bytes | None:  # noqa: ANN401  JSON
        if asked not in at:
            return None
        return encode(mutate(answer, Mutation((*at[asked], *path), how, value)).answer)

    return change


def device_of(hass: HomeAssistant, amps_id: str) -> dr.DeviceEntry:
    """Return the device of an id."""
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, amps_id)})
    return device


def states_of(hass: HomeAssistant, account: ConfigEntry) -> dict[str, dict[str, str]]:
    """Return the states of the entities of each device, by Amps' id and by key."""
    registry = er.async_get(hass)
    found: dict[str, dict[str, str]] = {}
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id):
        if device.entry_type is not None:
            continue
        ((_, amps_id),) = device.identifiers
        found[amps_id] = {
            str(entity.translation_key): state.state
            for entity in er.async_entries_for_device(registry, device.id)
            if (state := hass.states.get(entity.entity_id))
        }
    return found


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log has against the integration."""
    return [
        record.getMessage()
        for record in caplog.records
        if (record.levelno >= WARNING and "amps" in record.name) or record.exc_info
    ]


BROKEN: Final[tuple[tuple[Path, Any, set[str]], ...]] = (
    (("lastAction",), {"id": None, "command": "charge", "state": "completed"}, set()),
    (("lastAction",), {}, set()),
    (("lastAction",), 7, set()),
    (("lastAction",), {"id": "..", "createdAt": "this morning"}, set()),
    (("sync",), "yes", set()),
    (("sync", "lastPulledAt"), 5, set()),
    (("metadata",), [None], set()),
    (("vendor",), "Fox\ud83dESS", set()),
    (("vendor",), "raw:no UTF-8", set()),
    (("state", "level"), float("nan"), {"level"}),
    (("state", "level"), "raw:too large", {"level"}),
    (("state", "level"), "raw:too many digits", {"level"}),
    (("state", "level"), True, {"level"}),
    (("state", "level"), 1e308, {"level"}),
    (("state", "level"), {"value": 5}, {"level"}),
    (("state", "chargeRate"), float("-inf"), {"power", "charge_power", "discharge_power"}),
    (("commands", "charge"), {"parameters": {"target": {"min": float("inf"), "unit": 5}}, "execution": 1}, set()),
    (("commands", "charge", "parameters"), [1], set()),
    (("conflictStrategies",), [5, None], set()),
    (("x",), "raw:nested too deeply", set()),
)
"""What is wrong with the first battery: where, what, and which entities know nothing then."""


@pytest.mark.parametrize(("path", "value", "unknown"), BROKEN, ids=[".".join(map(str, path)) for path, _, _ in BROKEN])
async def test_one_broken_part_costs_itself_alone(
    hass: HomeAssistant,
    broken: BrokenService,
    poll: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
    path: Path,
    value: object,
    unknown: set[str],
) -> None:
    account = await add_account(hass, broken.url)
    before = states_of(hass, account)
    first = broken.devices_of("/battery")[0]
    assert len(before) == 11
    assert STATE_UNAVAILABLE not in before[first].values()

    broken.change = in_batteries(broken, path, value, "insert" if path == ("x",) else "replace")
    for _ in range(2):
        await poll()
        after = states_of(hass, account)
        assert after.keys() == before.keys()
        for id_, states in after.items():
            assert before[id_].keys() <= states.keys(), id_
            assert STATE_UNAVAILABLE not in states.values(), id_
        lost = {key for key, state in before[first].items() if STATE_UNKNOWN == after[first][key] != state}
        assert lost == unknown

    # As well after a set-up that saw nothing else.
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert states_of(hass, account).keys() == before.keys()
    assert STATE_UNAVAILABLE not in states_of(hass, account)[first].values()
    found = await diagnostics.async_get_config_entry_diagnostics(hass, account)
    assert len(json.loads(json.dumps(found, allow_nan=False))["devices"]) == 11
    response = await hass.services.async_call(
        DOMAIN, "get_device", {"device_id": device_of(hass, first).id}, blocking=True, return_response=True
    )
    assert json.loads(json.dumps(response, allow_nan=False))
    assert complaints(caplog) == []


async def test_a_device_without_id_or_with_none_to_ask_by_is_left_out_alone(
    hass: HomeAssistant, broken: BrokenService, caplog: pytest.LogCaptureFixture
) -> None:
    def change(path: str, answer: Any) -> bytes | None:  # noqa: ANN401  JSON
        if path == "/battery":
            answer["data"]["items"] += [{"id": id_, "state": {"level": 5}} for id_ in ("", ".", "..", None)]
        if path == "/hvac":
            answer["data"]["items"][0]["lastAction"] = {"id": "..", "state": "acknowledged"}
        return encode(answer)

    broken.change = change
    account = await add_live_account(hass, broken.url)
    ids = {
        id_
        for path in ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
        for id_ in broken.devices_of(f"/{path}")
    }
    assert states_of(hass, account).keys() == ids
    assert {path.rpartition("/")[2] for path in broken.paths if path.count("/") > 1} <= ids
    assert [text for text in complaints(caplog) if "4 items of a list could not be read" in text] == complaints(caplog)


async def test_an_id_that_is_a_number_is_an_id(
    hass: HomeAssistant, broken: BrokenService, poll: Callable[[], Awaitable[None]]
) -> None:
    first = broken.devices_of("/battery")[0]

    def change(path: str, answer: Any) -> bytes | None:  # noqa: ANN401  JSON
        if path == "/battery":
            item = answer["data"]["items"][0]
            answer["data"]["items"][0] = {
                **item,
                "id": 1,
                "lastAction": {"id": 7, "command": "idle", "state": "completed"},
            }
        if path == "/battery/1":
            return encode({"success": True, "data": {"id": 1, "state": {"level": 58}}})
        return encode(answer)

    broken.change = change
    account = await add_account(hass, broken.url)
    states = states_of(hass, account)
    assert first not in states
    assert len(states) == 11
    assert states["1"]["last_action"] == "completed"
    level = states["1"]["level"]
    await poll()
    await poll()
    assert states_of(hass, account)["1"]["level"] not in (level, STATE_UNAVAILABLE, STATE_UNKNOWN)


@pytest.mark.parametrize("kind", ["endless", "large", "compressed"])
async def test_a_list_beyond_all_bounds_fails_alone(
    hass: HomeAssistant, broken: BrokenService, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    large = b'{"success": true, "data": {"items": ["' + b"x" * (17 * 2**20) + b'"]}}'
    bodies = {
        "large": lambda: web.Response(body=large),
        "compressed": lambda: web.Response(body=gzip.compress(large, 1), headers={"Content-Encoding": "gzip"}),
    }
    asked: list[str] = []

    def change(path: str, answer: Any) -> bytes | web.Response | None:  # noqa: ANN401  JSON
        if path != "/battery":
            return None
        asked.append(path)
        if kind != "endless":
            return bodies[kind]()
        items = [{"id": f"device_{len(asked)}_{number}", "state": {}} for number in range(50)]
        return encode({**answer, "data": {"items": items, "pagination": {"total": 70, "hasMore": True}}})

    account = await add_account(hass, broken.url)
    broken.change = change
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.state is ConfigEntryState.LOADED
    assert len(asked) <= 2
    states = states_of(hass, account)
    assert {states[id_]["reachable"] for id_ in broken.devices_of("/solar-inverter")} == {"on"}
    reasons = {"endless": "has no end", "large": "is too large", "compressed": "is too large"}
    assert [text for text in complaints(caplog) if reasons[kind] in text]


LURE: Final = "Fox\n[free](http://lure.test) <img src=x> jane@lure.test \x1b[31m\u202e" + "x" * 200_000


async def test_texts_of_the_service_are_shown_as_text(
    hass: HomeAssistant, broken: BrokenService, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    first = broken.devices_of("/battery")[0]

    def change(path: str, answer: Any) -> bytes | web.Response | None:  # noqa: ANN401  JSON
        if path == "/battery":
            answer["data"]["items"][0] |= {"vendor": LURE, "metadata": {"model": LURE, "source": "cache"}}
        if path == f"/battery/{first}":
            refused = {"success": False, "error": {"code": "INVALID_CREDENTIALS", "message": LURE}}
            return web.json_response(refused, status=401)
        return encode(answer)

    broken.change = change
    await add_live_account(hass, broken.url)
    device = device_of(hass, first)
    for text in (device.name, device.manufacturer, device.model):
        assert text is not None
        assert text.isprintable()
        assert len(text) <= 210
    await pass_time(timedelta(hours=2))
    (issue,) = [issue for issue in ir.async_get(hass).issues.values() if issue.translation_key == "relink_device"]
    placeholders = issue.translation_placeholders or {}
    assert placeholders["device"] == device.name
    assert placeholders["code"] == "INVALID_CREDENTIALS"
    assert r"\[free\]\(http\:\/\/lure\.test\) \<img src\=x\> jane\@lure\.test" in placeholders["device_markdown"]
    assert placeholders["code_markdown"] == r"INVALID\_CREDENTIALS"
    assert max(len(record.getMessage()) for record in caplog.records if "custom_components.amps" in record.name) < 1000


@pytest.mark.parametrize(
    ("ids", "named"),
    [
        ([LURE], f"({LURE[:3]} [free]"),
        ([f"act_{number}" for number in range(5000)], "(act_0, act_1, act_2"),
        ({"id": LURE}, "Something other than an action of Amps"),
    ],
    ids=["a lure", "many", "no list"],
)
async def test_what_is_in_the_way_is_named_in_short(
    hass: HomeAssistant, broken: BrokenService, ids: object, named: str
) -> None:
    first = broken.devices_of("/battery")[0]
    await add_account(hass, broken.url)
    error = {"code": "CONFLICT", "message": LURE, "details": {"conflictingActionIds": ids}}

    def change(path: str, _answer: object) -> web.Response | None:
        if path == f"/battery/{first}":
            return web.json_response({"success": False, "error": error}, status=409)
        action_id = path.removeprefix("/actions/")
        return None if action_id == path else web.json_response({"id": action_id, "state": "scheduled"})

    broken.change = change
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "idle", {"device_id": device_of(hass, first).id}, blocking=True)
    message = str(raised.value)
    assert named in message
    assert message.isprintable()
    assert len(message) < 1000


async def test_the_commands_of_a_device_are_named_in_short(hass: HomeAssistant, broken: BrokenService) -> None:
    first = broken.devices_of("/battery")[0]
    names = [f"command_{number}" for number in range(5000)]
    commands = {name: {"parameters": {}, "execution": ["immediate"]} for name in (LURE, *names)}
    broken.change = in_batteries(broken, ("commands",), commands)
    await add_account(hass, broken.url)
    target = {"device_id": device_of(hass, first).id}
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "send_command", {**target, "command": LURE}, blocking=True)
    message = str(raised.value)
    assert "command_0, command_1" in message
    assert message.isprintable()
    assert len(message) < 1000
