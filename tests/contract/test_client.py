"""The client against the simulator: every request is accepted, and every answer is parsed without loss.

The two share no models, so that a misreading of the contract on either side shows here.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from aiohttp import ClientSession
import pytest

from custom_components.amps.api import (
    AmpsClient,
    AmpsConflictError,
    AmpsInvalidKeyError,
    AmpsNotFoundError,
    AmpsRefusedError,
    CommandPayload,
    HttpTransport,
    ParsedList,
)
from custom_components.amps.api.models import DEVICE_CLASSES, ActionState, AnyDevice, Battery, Quantity, Vehicle
from custom_components.amps.simulator import SimulatedClock, create_simulator, frozen_clock
from custom_components.amps.simulator.server import serve

NOON = datetime(2026, 6, 14, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    """Return the frozen clock of the simulator."""
    return frozen_clock(NOON)


@pytest.fixture
async def client(socket_enabled: None, clock: SimulatedClock) -> AsyncGenerator[AmpsClient]:
    """Return a client of a simulated home."""
    async with serve(create_simulator("showcase", seed="client", clock=clock)) as url, ClientSession() as session:
        yield AmpsClient(HttpTransport(session, url), "sk_test_client")


@pytest.mark.parametrize("device_class", DEVICE_CLASSES)
async def test_every_reading_is_read_without_loss(client: AmpsClient, device_class: type[AnyDevice]) -> None:
    listing, parsed = await client.list_devices(device_class), ParsedList()
    readings = parsed.add(device_class, listing.items, listing.answer.served_at, before=ParsedList())
    assert len(readings) >= 2
    assert parsed.unreadable == 0
    for listed in readings.values():
        single = await client.read_device(device_class, listed.device.id)
        assert single.device.state == listed.device.state
        for reading in (listed, single):
            assert reading.served_at == NOON
            raw_state = reading.raw["state"]
            assert isinstance(raw_state, dict)
            state = reading.device.state
            aliases = {name: field.alias or name for name, field in type(state).model_fields.items()}
            assert {aliases[name] for name in state.model_fields_set} == raw_state.keys()
            for name in state.model_fields_set:
                shown, raw = getattr(state, name), raw_state[aliases[name]]
                assert shown == (raw.replace(".", "_") if isinstance(raw, str) else raw), name
            raw_commands = reading.raw.get("commands", {})
            assert isinstance(raw_commands, dict)
            assert {command.name for command in reading.device.commands.values()} == raw_commands.keys()
        assert (single.device.settings is not None) == ("settings" in single.raw)


async def test_every_declared_setting_can_be_written(client: AmpsClient) -> None:
    for device_class in DEVICE_CLASSES:
        for device_id in (await client.list_devices(device_class)).device_ids:
            device = (await client.read_device(device_class, device_id)).device
            writable = {
                setting.name: Quantity(value=setting.min if setting.min is not None else 1, unit=setting.unit)
                for setting in (device.settings or {}).values()
                if setting.unit is not None
            }
            if writable:
                assert set(await client.write_settings(device, writable)) == set(writable)


async def test_an_action_is_followed_from_push_to_end(client: AmpsClient, clock: SimulatedClock) -> None:
    device_id = (await client.list_devices(Battery)).device_ids[0]
    battery = (await client.read_device(Battery, device_id)).device
    target = {"target": Quantity(value=90, unit="percent")}

    window = CommandPayload(command="charge", parameters=target, start="2026-06-14T14:00:00", end="2026-06-14T15:00:00")
    scheduled = await client.send_command(battery, window)
    assert scheduled.state is ActionState.SCHEDULED
    assert scheduled.start == NOON.replace(hour=13)
    assert scheduled.parameters == target
    with pytest.raises(AmpsConflictError) as conflict:
        await client.send_command(battery, CommandPayload(command="idle"))
    assert conflict.value.names("conflictingActionIds") == (scheduled.id,)
    cancelled = await client.cancel_action(scheduled.id)
    assert cancelled.state is ActionState.CANCELLED
    with pytest.raises(AmpsConflictError):
        await client.cancel_action(scheduled.id)

    pushed = await client.send_command(battery, CommandPayload(command="charge", parameters=target))
    assert pushed.state is ActionState.ACKNOWLEDGED
    clock.advance(60)
    ended = await client.read_action(pushed.id)
    assert ended.state is ActionState.COMPLETED
    assert ended.completed_at is not None
    assert [action.id for action in await client.list_actions(device_id=device_id, limit=10)] == [
        pushed.id,
        scheduled.id,
    ]
    last = (await client.read_device(Battery, device_id)).device.last_action
    assert last is not None
    assert (last.id, last.state) == (pushed.id, ActionState.COMPLETED)


async def test_errors_of_the_service_are_raised_by_kind(client: AmpsClient, clock: SimulatedClock) -> None:
    device_id = (await client.list_devices(Battery)).device_ids[0]
    battery = (await client.read_device(Battery, device_id)).device
    with pytest.raises(AmpsRefusedError, match="UNSUPPORTED_MODE"):
        await client.send_command(battery, CommandPayload(command="dance"))
    with pytest.raises(AmpsRefusedError, match="PARAMETER_OUT_OF_RANGE"):
        await client.send_command(
            battery, CommandPayload(command="charge", parameters={"target": Quantity(value=900, unit="percent")})
        )
    with pytest.raises(AmpsNotFoundError):
        await client.read_device(Battery, "no such device")
    with pytest.raises(AmpsNotFoundError):
        await client.read_action("no such action")
    vehicle_id = (await client.list_devices(Vehicle)).device_ids[0]
    vehicle = (await client.read_device(Vehicle, vehicle_id)).device
    with pytest.raises(AmpsRefusedError, match="DIRECT_ACTION_UNSUPPORTED"):
        await client.send_command(vehicle, CommandPayload(command="charge"))


@pytest.mark.parametrize(("key", "decision"), [("nonsense", AmpsInvalidKeyError), ("sk_test_", AmpsInvalidKeyError)])
async def test_invalid_key_is_reported_as_such(
    socket_enabled: None, clock: SimulatedClock, key: str, decision: type[Exception]
) -> None:
    async with serve(create_simulator("showcase", seed="client", clock=clock)) as url, ClientSession() as session:
        with pytest.raises(decision):
            await AmpsClient(HttpTransport(session, url), key).check(Battery)
