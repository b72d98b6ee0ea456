"""The bounds of answers and lists (design §4, bounds), over real HTTP."""

from collections.abc import Callable
import gzip
import tracemalloc
from typing import Any

from aiohttp import web
import orjson
import pytest

from custom_components.amps.api import AmpsClient, AmpsError, AmpsUnexpectedAnswerError, CommandPayload, ParsedList
from custom_components.amps.api.client import MAX_PAGES, PAGE_SIZE
from custom_components.amps.api.models import ActionState, Battery
from custom_components.amps.api.transport import MAX_BODY

from .conftest import Service, envelope, page

BATTERY = Battery.model_validate({"id": "device_1", "state": {}})

type ApiResponse = Callable[[int, list[object]], dict[str, Any]]
"""Returns the answer for an offset and the items there."""


def padded(size: int) -> bytes:
    """Return an answer of so many bytes."""
    body = orjson.dumps({**page([{"id": "device_1", "state": {}}]), "padding": ""})
    return body[:-2] + b"x" * (size - len(body)) + body[-2:]


def serve(service: Service, answer: ApiResponse, *, items: int, size: int = PAGE_SIZE) -> None:
    """Serve a list of so many devices, in pages."""
    devices: list[object] = [{"id": f"device_{number}", "state": {}} for number in range(items)]

    async def respond(request: web.Request) -> web.Response:
        offset = int(request.query["offset"])
        return web.json_response(answer(offset, devices[offset : offset + size]))

    service.respond = respond


def with_pagination(items: list[object], **pagination: object) -> dict[str, Any]:
    """Return a page with this pagination."""
    return envelope({"items": items, "pagination": pagination})


async def test_an_answer_is_read_up_to_its_bound(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(padded(MAX_BODY))
    assert (await client.list_devices(Battery)).device_ids == ["device_1"]
    service[0].will_answer(padded(MAX_BODY + 1))
    with pytest.raises(AmpsUnexpectedAnswerError, match="GET /battery is too large"):
        await client.list_devices(Battery)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    service: tuple[Service, str], client: AmpsClient, encoding: str
) -> None:
    large = padded(200 * 2**20)
    body = gzip.compress(large, 1) if encoding == "gzip" else large
    del large
    service[0].will_answer(body, headers={"Content-Encoding": encoding})
    tracemalloc.start()
    try:
        with pytest.raises(AmpsUnexpectedAnswerError):
            await client.list_devices(Battery)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MAX_BODY


@pytest.mark.parametrize(
    ("answer", "requests"),
    [
        (lambda _, items: with_pagination(items, total=120, hasMore=True), 3),
        (lambda offset, items: with_pagination(items, total=120 - offset, hasMore=True), 3),
        (lambda offset, items: with_pagination(items, total=offset + 100, hasMore=True), MAX_PAGES),
        (lambda _, items: with_pagination(items, total=-1, hasMore=True), MAX_PAGES),
        (lambda _, items: with_pagination(items, total=True, hasMore=True), MAX_PAGES),
        (lambda _, items: with_pagination(items, hasMore=True), MAX_PAGES),
        (lambda _, items: envelope({"items": items}), MAX_PAGES),
    ],
    ids=["total", "falling total", "growing total", "negative total", "no number", "no total", "no pagination"],
)
async def test_a_list_whose_pages_never_end_is_given_up(
    service: tuple[Service, str], client: AmpsClient, answer: ApiResponse, requests: int
) -> None:
    serve(service[0], answer, items=2 * MAX_PAGES * PAGE_SIZE)
    with pytest.raises(AmpsUnexpectedAnswerError, match="has no end"):
        await client.list_devices(Battery)
    assert len(service[0].requests) == requests


async def test_a_list_with_the_maximum_number_of_pages_is_read(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    items = MAX_PAGES * PAGE_SIZE
    serve(service[0], lambda offset, found: page(found, offset=offset, total=items), items=items)
    assert len((await client.list_devices(Battery)).items) == items
    # Its port may have been another test's, whose client does not ask for pages.
    assert len([each for each in service[0].requests if "offset" in each.query]) == MAX_PAGES


def _wrong_pagination(offset: int, items: list[object], **wrong: object) -> dict[str, Any]:
    """Return a page of a list of 120 whose first page has a wrong pagination."""
    right = {"total": 120, "hasMore": offset + len(items) < 120}
    return with_pagination(items, **(right if offset else right | wrong))


@pytest.mark.parametrize(
    "answer",
    [
        lambda offset, items: _wrong_pagination(offset, items, total=0),
        lambda offset, items: _wrong_pagination(offset, items, total=51),
        lambda offset, items: _wrong_pagination(offset, items, total="many"),
        lambda offset, items: _wrong_pagination(offset, items, hasMore=None),
        lambda offset, items: _wrong_pagination(offset, items, hasMore="true"),
        lambda offset, items: _wrong_pagination(offset, items, hasMore=None, total=None),
        lambda _, items: envelope({"items": items, "pagination": None}),
    ],
    ids=["total 0", "total too small", "no number", "no hasMore", "hasMore a text", "neither", "no pagination"],
)
async def test_a_wrong_pagination_loses_no_device(
    service: tuple[Service, str], client: AmpsClient, answer: ApiResponse
) -> None:
    serve(service[0], answer, items=120)
    assert len(set((await client.list_devices(Battery)).device_ids)) == 120
    assert len(service[0].requests) == 3


@pytest.mark.parametrize("last", [{"vendor": "nameless", "state": {}}, {"id": "device_0", "state": {}}, None, 5])
async def test_a_last_page_without_a_device_loses_none(
    service: tuple[Service, str], client: AmpsClient, last: object
) -> None:
    serve(service[0], lambda offset, found: page([last] if offset else found, offset=offset, total=51), items=50)
    assert len(set((await client.list_devices(Battery)).device_ids)) == 50


@pytest.mark.parametrize("id_", ["", ".", "..", None, True, 1.5, {}, []])
async def test_an_item_with_an_invalid_id_is_left_out(
    service: tuple[Service, str], client: AmpsClient, id_: object
) -> None:
    service[0].will_answer(page([{"id": id_, "state": {}}, {"id": "device_1", "state": {}}]))
    listing = await client.list_devices(Battery)
    parsed = ParsedList()
    readings = parsed.add(Battery, listing.items, listing.answer.served_at, before=ParsedList())
    assert listing.device_ids == list(readings) == list(parsed.devices) == ["device_1"]
    assert parsed.unreadable == 1

    service[0].will_answer(page([{"id": id_, "state": "completed"}, {"id": "act_1", "state": "completed"}]))
    assert [action.id for action in await client.list_actions(limit=10)] == ["act_1"]
    service[0].will_answer(envelope({"id": id_, "state": "scheduled"}), status=202)
    with pytest.raises(AmpsUnexpectedAnswerError):
        await client.send_command(readings["device_1"].device, CommandPayload(command="idle"))


async def test_an_id_that_is_a_number_is_read_as_its_digits(service: tuple[Service, str], client: AmpsClient) -> None:
    action = {"id": 7, "deviceId": 1, "state": "scheduled"}
    item = {"id": 1, "state": {"level": 5}, "lastAction": action}
    service[0].will_answer(page([item]))
    listing = await client.list_devices(Battery)
    before, after = ParsedList(), ParsedList()
    readings = before.add(Battery, listing.items, listing.answer.served_at, before=ParsedList())
    assert listing.device_ids == list(readings) == list(before.devices) == ["1"]
    assert readings["1"].device.last_action is not None
    assert readings["1"].device.last_action.id == "7"
    # An equal item is not parsed again.
    assert not after.add(Battery, (await client.list_devices(Battery)).items, None, before)
    assert after.devices.keys() == {"1"}

    service[0].will_answer(envelope(item))
    assert (await client.read_device(Battery, "1")).device.id == "1"
    service[0].will_answer(envelope(action))
    read = await client.read_action("7")
    assert (read.id, read.device_id, read.state) == ("7", "1", ActionState.SCHEDULED)
    assert service[0].requests[-1].path == "/actions/7"


@pytest.mark.parametrize("id_", ["", ".", ".."])
async def test_no_request_is_sent_with_an_invalid_id(
    service: tuple[Service, str], client: AmpsClient, id_: str
) -> None:
    device = BATTERY.model_copy(update={"id": id_})
    for ask in (
        lambda: client.read_device(Battery, id_),
        lambda: client.send_command(device, CommandPayload(command="idle")),
        lambda: client.write_settings(device, {}),
        lambda: client.read_action(id_),
        lambda: client.cancel_action(id_),
    ):
        with pytest.raises(AmpsError):
            await ask()
    assert not service[0].requests


async def test_an_answer_with_another_id_is_an_unexpected_answer(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    service[0].will_answer(envelope({"id": "other", "state": {"level": 5}}))
    for ask in (
        lambda: client.read_device(Battery, "device_1"),
        lambda: client.read_action("act_1"),
        lambda: client.cancel_action("act_1"),
    ):
        with pytest.raises(AmpsUnexpectedAnswerError, match="something else"):
            await ask()


async def test_a_page_that_is_longer_than_requested_is_cut(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(page([{"id": f"act_{number}"} for number in range(50)]))
    assert len(await client.list_actions(limit=3)) == 3


async def test_a_message_shortens_a_long_id(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(padded(MAX_BODY + 1))
    with pytest.raises(AmpsUnexpectedAnswerError) as raised:
        await client.read_device(Battery, "x" * 5000)
    assert len(str(raised.value)) < 200
