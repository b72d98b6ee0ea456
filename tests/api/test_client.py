"""The client over real HTTP: its requests, and what it returns for a valid answer."""

from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession, web
import orjson
import pytest

from custom_components.amps.api import (
    AmpsClient,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
    CommandPayload,
    HttpTransport,
    ParsedList,
)
from custom_components.amps.api.models import ActionState, Battery, Quantity, SolarInverter

from .conftest import API_KEY, Service, envelope, page

BATTERY = Battery.model_validate({"id": "device_7f3k2m", "state": {}})


async def test_a_list_is_requested_with_the_key_and_the_largest_page(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    service[0].will_answer(page([{"id": "device_1"}]))

    listing = await client.list_devices(SolarInverter)

    assert listing.items == [{"id": "device_1"}]
    assert listing.answer.environment == "sandbox"
    (request,) = service[0].requests
    assert (request.method, request.path) == ("GET", "/solar-inverter")
    assert request.query == {"limit": "50", "offset": "0"}
    assert request.headers["x-api-key"] == API_KEY


async def test_a_client_for_one_end_user_requests_no_other(service: tuple[Service, str]) -> None:
    service[0].will_answer(page([]))
    async with ClientSession() as session:
        await AmpsClient(HttpTransport(session, service[1]), API_KEY, user_id="user_1").list_devices(Battery)
    assert service[0].requests[0].query["userId"] == "user_1"


async def test_items_that_equal_the_known_ones_are_replaced_by_them(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    devices: list[object] = [{"id": f"device_{number}"} for number in range(100)]

    async def respond(request: web.Request) -> web.Response:
        offset = int(request.query["offset"])
        return web.json_response(page(devices[offset : offset + 50], offset=offset, total=100))

    service[0].respond = respond
    before = (await client.list_devices(Battery)).items
    devices[99] = {"id": "device_99", "vendor": "changed"}
    after = (await client.list_devices(Battery, before)).items
    assert after == devices
    assert [item is known for item, known in zip(after, before, strict=True)] == [True] * 99 + [False]


async def test_a_page_that_repeats_the_last_is_dated_anew_and_an_error_that_looks_like_it_is_one(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    answer = page([{"id": "device_1"}])
    service[0].will_answer(answer | {"meta": {"timestamp": "2026-01-01T00:00:10Z"}})
    first = await client.list_devices(Battery)
    service[0].will_answer(answer | {"meta": {"timestamp": "2026-01-01T00:00:20Z"}}, status=503)
    with pytest.raises(AmpsTransientError):
        await client.list_devices(Battery)
    service[0].will_answer(answer | {"meta": {"timestamp": "2026-01-01T00:00:30Z"}})
    again = await client.list_devices(Battery)
    assert again.items is first.items
    assert [each.answer.served_at.second for each in (first, again)] == [10, 30]


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (49, 1), (50, 1), (51, 2), (100, 2), (120, 3)])
async def test_all_pages_are_read_and_no_more(
    service: tuple[Service, str], client: AmpsClient, total: int, requests: int
) -> None:
    devices: list[object] = [{"id": f"device_{number}"} for number in range(total)]

    async def respond(request: web.Request) -> web.Response:
        offset = int(request.query["offset"])
        return web.json_response(page(devices[offset : offset + 50], offset=offset, total=total))

    service[0].respond = respond
    assert list((await client.list_devices(Battery)).items) == devices
    assert len(service[0].requests) == requests


async def test_a_device_on_two_pages_is_read_once_as_on_the_last(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    first: list[object] = [{"id": f"device_{number}", "state": {}} for number in range(50)]

    async def respond(request: web.Request) -> web.Response:
        offset = int(request.query["offset"])
        last: list[object] = [{"id": "device_49", "vendor": "moved", "state": {}}, {"id": "device_50", "state": {}}]
        return web.json_response(page(last if offset else first, offset=offset, total=52))

    service[0].respond = respond
    listing = await client.list_devices(Battery)
    readings = ParsedList().add(Battery, listing.items, listing.answer.served_at, before=ParsedList())
    assert len(readings) == 51
    assert readings["device_49"].device.vendor == "moved"


async def test_a_long_list_has_the_time_between_its_pages(service: tuple[Service, str], client: AmpsClient) -> None:
    devices: list[object] = [{"id": f"device_{number}"} for number in range(120)]

    async def respond(request: web.Request) -> web.Response:
        offset = int(request.query["offset"])
        built = page(devices[offset : offset + 50], offset=offset, total=120)
        built["meta"] = {"environment": "live", "timestamp": f"2026-06-14T08:15:{30 + offset // 25:02}.000Z"}
        return web.json_response(built)

    service[0].respond = respond
    listing = await client.list_devices(Battery)
    assert listing.answer.served_at == datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
    assert listing.span == timedelta(seconds=4)
    assert (await client.check(Battery)).span == timedelta(0)


async def test_a_list_without_end_is_given_up(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(page([{"id": "device_1"}], total=1000))
    with pytest.raises(AmpsUnexpectedAnswerError):
        await client.list_devices(Battery)
    assert len(service[0].requests) == 2


async def test_a_command_is_sent_as_in_the_contract_and_its_action_returned(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    service[0].will_answer(
        envelope(
            {
                "id": "act_9p2v7c",
                "deviceId": "device_7f3k2m",
                "deviceType": "battery",
                "command": "auto.balanced",
                "parameters": {"heatSetpoint": {"value": 21, "unit": "celsius"}},
                "state": "scheduled",
                "createdAt": "2026-06-14T20:01:02.000Z",
                "start": "2026-06-14T22:30:00.000Z",
            }
        ),
        status=202,
    )

    action = await client.send_command(
        BATTERY,
        CommandPayload(
            command="charge",
            parameters={"target": Quantity(value=85, unit="percent")},
            on_conflict="cancel_and_replace",
        ),
    )

    assert (service[0].requests[0].method, service[0].requests[0].path) == ("POST", "/battery/device_7f3k2m")
    assert orjson.loads(service[0].bodies[0]) == {
        "action": {"command": "charge", "parameters": {"target": {"value": 85, "unit": "percent"}}},
        "onConflict": "cancel_and_replace",
    }
    assert action.id == "act_9p2v7c"
    assert action.command == "auto_balanced"
    assert action.state is ActionState.SCHEDULED
    assert action.parameters == {"heat_setpoint": Quantity(value=21, unit="celsius")}
    assert action.start is not None
    assert action.start.isoformat() == "2026-06-14T22:30:00+00:00"
    assert action.end is None


async def test_an_answer_of_an_older_generation_is_read_without_envelope(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    service[0].will_answer({"actionId": "act_1", "state": "acknowledged", "type": "battery:set_operation_mode"})
    action = await client.send_command(BATTERY, CommandPayload(command="idle"))
    assert action.id == "act_1"
    assert action.state is ActionState.ACKNOWLEDGED
    assert action.command is None
    assert orjson.loads(service[0].bodies[0]) == {"action": {"command": "idle"}}


async def test_a_single_reading_has_settings_and_can_be_expedited(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    settings = {"discharge_floor": {"value": 10, "unit": "percent"}}
    service[0].will_answer(envelope({"id": "device_1", "state": {"level": 5}, "settings": settings}))
    reading = await client.read_device(Battery, "device_1")
    await client.read_device(Battery, "device_1", expedite=True)
    assert reading.device.state.level == 5
    assert reading.device.settings is not None
    assert reading.device.settings["discharge_floor"].value == 10
    assert reading.served_at is not None
    assert [(request.path, dict(request.query)) for request in service[0].requests] == [
        ("/battery/device_1", {}),
        ("/battery/device_1", {"expedite": "true"}),
    ]


@pytest.mark.parametrize("device_id", ["device/../actions", "device 1", "dévice", "device?x=1", "device%2F1"])
async def test_an_id_is_opaque(service: tuple[Service, str], client: AmpsClient, device_id: str) -> None:
    service[0].will_answer(envelope({"id": device_id, "state": {}}))
    await client.read_device(Battery, device_id)
    assert service[0].requests[0].match_info["path"] == f"battery/{device_id}"
    assert not service[0].requests[0].query


async def test_a_window_is_sent_as_local_time(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(envelope({"id": "act_1"}), status=202)
    await client.send_command(
        BATTERY, CommandPayload(command="charge", start="2026-06-14T23:30:00", end="2026-06-15T05:00:00")
    )
    assert orjson.loads(service[0].bodies[0]) == {
        "action": {"command": "charge", "start": "2026-06-14T23:30:00", "end": "2026-06-15T05:00:00"}
    }


async def test_only_the_given_settings_are_written(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(envelope({"deviceId": "device_7f3k2m", "updated": ["discharge_floor"]}))
    updated = await client.write_settings(BATTERY, {"discharge_floor": Quantity(value=15, unit="percent")})
    assert updated == ("discharge_floor",)
    assert (service[0].requests[0].method, service[0].requests[0].path) == ("POST", "/battery/device_7f3k2m/settings")
    assert orjson.loads(service[0].bodies[0]) == {"discharge_floor": {"value": 15, "unit": "percent"}}


async def test_an_action_is_read_and_cancelled(service: tuple[Service, str], client: AmpsClient) -> None:
    action = {
        "id": "act_1",
        "deviceId": "device_1",
        "deviceType": "battery",
        "command": "charge",
        "parameters": None,
        "state": "cancelled",
        "result": None,
        "errorCode": None,
        "errorMessage": None,
        "createdAt": "2026-06-14T20:01:02.000Z",
        "updatedAt": "2026-06-14T20:01:06.000Z",
        "acknowledgedAt": None,
        "completedAt": "2026-06-14T20:01:06.000Z",
        "start": "2026-06-14T22:30:00.000Z",
        "end": None,
        "links": {"self": "/actions/act_1"},
    }
    service[0].will_answer(envelope(action))
    assert await client.read_action("act_1") == await client.cancel_action("act_1")
    cancelled = await client.read_action("act_1")
    assert (cancelled.state, cancelled.parameters, cancelled.acknowledged_at) == (ActionState.CANCELLED, None, None)
    assert cancelled.completed_at is not None
    assert [(request.method, request.path) for request in service[0].requests[:2]] == [
        ("GET", "/actions/act_1"),
        ("POST", "/actions/act_1/cancel"),
    ]
    assert service[0].bodies[1] == b""


@pytest.mark.parametrize(("limit", "requested"), [(1, ["1"]), (50, ["50"]), (70, ["50", "20"]), (500, ["50", "50"])])
async def test_the_newest_actions_are_listed(
    service: tuple[Service, str], client: AmpsClient, limit: int, requested: list[str]
) -> None:
    actions: list[object] = [{"id": f"act_{number}", "state": "completed"} for number in range(90)]

    async def respond(request: web.Request) -> web.Response:
        offset, size = int(request.query["offset"]), int(request.query["limit"])
        return web.json_response(page(actions[offset : offset + size], offset=offset, total=90))

    service[0].respond = respond
    found = await client.list_actions(device_id="device_1", state="completed", limit=limit)
    assert [action.id for action in found] == [f"act_{number}" for number in range(min(limit, 90))]
    assert [request.query["limit"] for request in service[0].requests] == requested
    assert service[0].requests[0].query["deviceId"] == "device_1"
    assert service[0].requests[0].query["state"] == "completed"
    assert "deviceType" not in service[0].requests[0].query


async def test_the_command_of_an_action_of_an_older_generation_is_in_its_parameters(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    service[0].will_answer(
        {
            "actionId": "act_1",
            "type": "battery:set_operation_mode",
            "state": "completed",
            "parameters": {"mode": "auto.balanced", "target": {"value": 80, "unit": "percent"}},
        }
    )
    action = await client.read_action("act_1")
    assert action.command == "auto_balanced"
    assert action.parameters == {"target": Quantity(value=80, unit="percent")}
