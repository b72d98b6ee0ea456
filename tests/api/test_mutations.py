"""Invalid values in whole answers: nothing raises, and no device is lost but one without id or state.

Every position of the simulator's answers is replaced, removed and added to, one at a time and several at once. The
bytes are processed as every answer is: by client, parsed list, merge, and then by all entities of a device.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import math
from random import Random
from typing import Any, Final, override

import orjson
import pytest

from custom_components.amps import binary_sensor, sensor, simulator
from custom_components.amps.api import (
    AmpsClient,
    AmpsError,
    AmpsNotOfferedError,
    CommandPayload,
    ParsedList,
    Reading,
    Request,
    Response,
    Transport,
    slug,
)
from custom_components.amps.api.models import DEVICE_CLASSES, Action, AnyDevice, Battery, EvCharger, Hvac
from custom_components.amps.api.models.base import AmpsModel
from custom_components.amps.api.report import report
from custom_components.amps.rules import DeviceRecord, ReceivedReading
from custom_components.amps.rules.energy import EnergyCounter
from custom_components.amps.rules.merge import apply_action, merge
from custom_components.amps.rules.override import OverrideDetector

from .mutation import Mutated, Path, mutate, mutations_at, positions

NOON: Final = datetime(2026, 6, 14, 12, tzinfo=UTC)
LIVE_KEY: Final = "sk_live_canary_4f1c"
SANDBOX_KEY: Final = "sk_test_canary_4f1c"
SEVERAL: Final = 100
"""The number of answers of a kind with several changes at once."""

DESCRIPTIONS: Final[Mapping[type[AnyDevice], Sequence[Any]]] = {
    device_class: [
        description
        for kinds in (sensor.ENTITY_CLASSES, binary_sensor.ENTITY_CLASSES)
        for descriptions, _ in kinds
        for description in descriptions.get(device_class, ())
    ]
    for device_class in DEVICE_CLASSES
}


@dataclass
class Home(Transport):
    """A transport to a simulated home, or to a fixed answer in its place."""

    key: str
    simulator: simulator.Simulator = field(
        default_factory=lambda: simulator.create_simulator("showcase", seed="home", clock=simulator.frozen_clock(NOON))
    )
    fixed_answer: bytes | None = None
    last: Any = None
    """The last answer of the simulator."""

    @override
    async def send(self, request: Request) -> Response:
        if self.fixed_answer is not None and request.query.get("offset", "0") == "0":
            return Response(status=200, body=self.fixed_answer)
        headers = {**request.headers, "x-api-key": self.key}
        answer = self.simulator.handle(
            simulator.Request(
                method=request.method, path=request.path, query=request.query, headers=headers, body=request.body or b""
            )
        )
        self.last = orjson.loads(answer.body)
        return Response(status=answer.status, body=answer.body)


async def client_of(home: Home) -> AmpsClient:
    """Return a client of a home to which commands were sent."""
    client = AmpsClient(home, home.key)
    for device_class in (Battery, EvCharger, Hvac):
        page = await client.check(device_class)
        device = (await client.read_device(device_class, page.device_ids[0])).device
        with suppress(AmpsNotOfferedError):  # live accounts command batteries only (api §1.2)
            await client.send_command(device, CommandPayload(command="idle"))
    return client


def answers(answer: object, seed: str) -> Iterator[Mutated]:
    """Yield the answer with each change, and with several at once."""
    # Of other items only the parts as a whole are changed, since each item is parsed as the first one is.
    found = [path for path in positions(answer) if path[2:3] in {(), (0,)} or len(path) <= 4 or path[1] != "items"]
    for path in found:
        for mutation in mutations_at(answer, path):
            yield mutate(answer, mutation)
    random = Random(seed)  # noqa: S311  no secret
    wrong = {path: list(mutations_at(answer, path)) for path in found}
    for _ in range(SEVERAL):
        yield mutate(answer, *(random.choice(wrong[path]) for path in random.sample(found, random.randint(2, 8))))


def show(record: DeviceRecord) -> None:
    """Compute everything that is shown of a device."""
    device = record.device
    for description in DESCRIPTIONS[type(device)]:
        description.exists_fn(record.capabilities)
        value = description.shown_fn(record)
        assert not isinstance(value, float) or math.isfinite(value)
        assert not isinstance(value, datetime) or value.tzinfo is UTC
        if getattr(description, "options", None):
            assert value is None or value in description.options
    OverrideDetector().update(record)
    counter = EnergyCounter()
    for power in (1.0, getattr(device.state, "charge_rate", None)):
        counter.add_sample(record, power, longest_gap=timedelta(hours=1))
    orjson.dumps(counter.as_dict())
    orjson.dumps(report(record.reading))
    orjson.dumps(device.model_dump(mode="json"))
    for action in record.actions.values():
        orjson.dumps(action.model_dump(mode="json"))


def check(reading: Reading, before: DeviceRecord | None) -> None:
    """Merge a reading, as one of each kind, and show the result."""
    listed = merge(before, ReceivedReading(reading=reading, received_monotonic=1000.0, sandbox=False, single=False))
    show(merge(listed, ReceivedReading(reading=reading, received_monotonic=1000.0, sandbox=True, single=True)))


def check_others(before: AnyDevice, after: AnyDevice, mutated: Mutated, item: Path) -> None:
    """Compare what was not changed: all parts but one, and all of that part but one entry."""
    path, how, _ = mutated.mutations[0]
    if len(mutated.mutations) > 1 or path[: len(item)] != item or path == item:
        return
    part, *below = path[len(item) :]
    for name, info in type(before).model_fields.items():
        was, is_ = getattr(before, name), getattr(after, name)
        if part != (info.alias or name):
            assert is_ == was, mutated.mutations
        elif below and isinstance(was, AmpsModel | dict) and name != "last_action":
            entry = below[0]
            was, is_ = (
                {key: value for key, value in dict(each).items() if key != slug(str(entry))} for each in (was, is_)
            )
            assert is_ == was, mutated.mutations
    if part == "state" and below and how != "remove":
        assert after.capabilities.fields == before.capabilities.fields, mutated.mutations


def is_answered(answer: Any) -> bool:  # noqa: ANN401  JSON
    """Return whether an answer is a success with data."""
    return answer.get("success", False) is not False and isinstance(answer.get("data"), dict)


def left(items: Sequence[Any], ids: Collection[str], *needed: str) -> set[str]:
    """Return which of these ids are still there, on objects with all of the required keys."""
    objects = [item for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]
    return {item["id"] for item in objects if all(isinstance(item.get(key), dict) for key in needed)} & set(ids)


@pytest.mark.parametrize("device_class", DEVICE_CLASSES, ids=lambda each: each.device_type)
async def test_a_list_loses_no_device_but_one_without_id_or_state(device_class: type[AnyDevice]) -> None:
    home = Home(LIVE_KEY)
    client = await client_of(home)
    listing = await client.list_devices(device_class)
    before = ParsedList()
    record = {
        device_id: merge(None, ReceivedReading(reading=reading, received_monotonic=900.0, sandbox=False, single=False))
        for device_id, reading in before.add(device_class, listing.items, NOON, ParsedList()).items()
    }
    for mutated in answers(home.last, device_class.path):
        home.fixed_answer = mutated.body
        items = mutated.answer["data"].get("items") if is_answered(mutated.answer) else None
        try:
            listing = await client.list_devices(device_class, before.items)
        except AmpsError:
            assert not isinstance(items, list), mutated.mutations
            continue
        assert isinstance(items, list)
        after = ParsedList()
        readings = after.add(device_class, listing.items, listing.answer.served_at, before)
        assert left(items, record.keys(), "state") <= after.devices.keys(), mutated.mutations
        assert after.devices.keys() <= set(listing.device_ids), mutated.mutations
        for device_id, reading in readings.items():
            check(reading, record.get(device_id))
            if device_id == listing.device_ids[0] and device_id in record:
                check_others(record[device_id].device, reading.device, mutated, ("data", "items", 0))


@pytest.mark.parametrize("device_class", DEVICE_CLASSES, ids=lambda each: each.device_type)
async def test_a_single_read_fails_only_without_id_or_state(device_class: type[AnyDevice]) -> None:
    home = Home(SANDBOX_KEY)
    client = await client_of(home)
    device_id = (await client.list_devices(device_class)).device_ids[0]
    first = await client.read_device(device_class, device_id)
    record = merge(None, ReceivedReading(reading=first, received_monotonic=900.0, sandbox=True, single=True))
    for mutated in answers(home.last, device_class.path):
        home.fixed_answer = mutated.body
        item = mutated.answer["data"] if is_answered(mutated.answer) else None
        try:
            reading = await client.read_device(device_class, device_id)
        except AmpsError:
            assert not left([item], {device_id}, "state"), mutated.mutations
            continue
        assert reading.device.id == device_id
        check(reading, record)
        check_others(first.device, reading.device, mutated, ("data",))


async def test_an_action_is_lost_only_without_its_id() -> None:
    home = Home(SANDBOX_KEY)
    client = await client_of(home)
    listing = await client.list_devices(Battery)
    reading = ParsedList().add(Battery, listing.items, NOON, ParsedList())[listing.device_ids[1]]
    record = merge(None, ReceivedReading(reading=reading, received_monotonic=900.0, sandbox=True, single=False))
    ids = [action.id for action in await client.list_actions(limit=50)]
    listed = home.last
    pushed = await client.send_command(reading.device, CommandPayload(command="idle"))
    accepted = home.last
    await client.read_action(pushed.id)
    read = home.last
    assert len(ids) == 3

    async def push() -> list[Action]:
        return [await client.send_command(reading.device, CommandPayload(command="idle"))]

    async def get() -> list[Action]:
        return [await client.read_action(pushed.id)]

    async def get_all() -> list[Action]:
        return await client.list_actions(limit=50)

    for answer, ask, expected in ((accepted, push, {pushed.id}), (read, get, {pushed.id}), (listed, get_all, set(ids))):
        for mutated in answers(answer, "actions"):
            home.fixed_answer = mutated.body
            data = mutated.answer["data"] if is_answered(mutated.answer) else {}
            items = data.get("items") if ask is get_all else [data]
            try:
                actions = await ask()
            except AmpsError:
                assert not isinstance(items, list) or not left(items, expected), mutated.mutations
                continue
            assert isinstance(items, list)
            assert left(items, expected) <= {action.id for action in actions}, mutated.mutations
            for action in actions:
                show(apply_action(apply_action(record, pushed), action))
