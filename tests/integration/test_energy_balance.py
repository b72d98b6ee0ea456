"""The energy counters over a day in live, against what the simulated devices did (design §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_restore_state_shutdown_restart

from custom_components.amps.const import DOMAIN

from .accounts import KEY, add_live_account
from .actions import ask
from .conftest import HOUR, MINUTE, NOON, QUARTER, Advance, battery_of, devices, readings_of, state_of
from .controls import use
from .live import amps_id, leave_one_of_each_type
from .service import Service

LONGEST_GAP = 2 * QUARTER
"""What is bridged at the default tempo."""


@dataclass
class Meter:
    """A meter beside a device: what flows each minute, when the device was pulled, and what its counter shows."""

    hass: HomeAssistant
    service: Service
    device: dr.DeviceEntry
    path: str
    power: str
    counters: Mapping[str, int]
    """The counters, with the sign of the power that each counts."""
    flows: list[tuple[datetime, float]] = field(default_factory=list)
    pulls: list[datetime] = field(default_factory=list)
    shown: dict[str, list[float]] = field(default_factory=dict)

    async def read(self) -> None:
        """Note what is now."""
        # The sandbox shows what a device does at this moment; nothing that live knows changes by it.
        state = ask(self.service, "GET", f"/{self.path}/{amps_id(self.device)}", key=KEY)["state"]
        self.flows.append((dt_util.utcnow(), state[self.power]))
        (reading,) = await readings_of(self.hass, self.device)
        pulled_at = datetime.fromisoformat(reading["last_pulled"])
        if not self.pulls or pulled_at > self.pulls[-1]:
            self.pulls.append(pulled_at)
        for key in self.counters:
            self.shown.setdefault(key, []).append(float(state_of(self.hass, self.device, key)))

    def counted(self, key: str) -> float:
        """Return the kWh that a counter has counted."""
        return self.shown[key][-1] - self.shown[key][0]

    def flowed(self, sign: int) -> float:
        """Return the kWh that flowed in a direction between two pulls that are near enough to be bridged."""
        bridged = [(before, after) for before, after in pairwise(self.pulls) if after - before <= LONGEST_GAP]
        return sum(
            (max(sign * power, 0) + max(sign * next_power, 0)) / 2 * ((next_at - at) / HOUR)
            for (at, power), (next_at, next_power) in pairwise(self.flows)
            if any(before <= at < after for before, after in bridged)
        )


@pytest.fixture
async def meters(hass: HomeAssistant, service: Service) -> list[Meter]:
    """Return meters of the battery and the charger of a live home that has one of each."""
    leave_one_of_each_type(service)
    await hass.config.async_set_time_zone("Europe/London")  # that of the plant
    await add_live_account(hass, service.url)
    battery, (charger,) = battery_of(hass), devices(hass, having="connected", domain="binary_sensor")
    return [
        Meter(hass, service, battery, "battery", "chargeRate", {"energy_charged": 1, "energy_discharged": -1}),
        Meter(hass, service, charger, "ev-charger", "currentPower", {"energy": 1}),
    ]


@pytest.mark.parametrize(("expedited", "tolerance"), [(False, 0.08), (True, 0.01)])
@pytest.mark.usefixtures("hass_storage")
async def test_a_day_counts_what_flowed(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    meters: list[Meter],
    expedited: bool,
    tolerance: float,
) -> None:
    battery = meters[0].device
    if expedited:
        for meter in meters:
            await use(hass, meter.device, "switch.expedited_updates", "turn_on")

    async def pass_minutes(until: datetime) -> None:
        await read_until(until, meters, pass_time)

    async def call(action: str, **data: object) -> None:
        await hass.services.async_call(DOMAIN, action, {"device_id": battery.id, **data}, blocking=True)

    await pass_minutes(NOON + timedelta(minutes=67))
    await call("charge", power=3)
    await pass_minutes(NOON + 3 * HOUR)
    window = {"start": NOON + timedelta(hours=4, minutes=7), "duration": timedelta(minutes=76)}
    await call("discharge", power=2, **window)
    await pass_minutes(NOON + timedelta(hours=7, minutes=41))
    await call("set_mode", mode="auto_balanced")
    # The manufacturers do not answer, for a while that is bridged and for one that is not.
    for begin, span in ((9, 8), (13, 95)):
        await pass_minutes(NOON + begin * HOUR)
        outage = service.control("POST", "faults", {"kind": "fallback", "match": {}})
        await pass_minutes(NOON + begin * HOUR + timedelta(minutes=span))
        service.control("DELETE", f"faults/{outage['id']}")
    await pass_minutes(NOON + 17 * HOUR)
    await call("idle")
    await pass_minutes(NOON + timedelta(hours=18, minutes=20))
    await call("discharge", power=1.5, target_level=30)
    await restart(hass)
    await pass_minutes(NOON + 24 * HOUR)

    # The long outage is the only gap that was not bridged.
    assert [sum(after - before > LONGEST_GAP for before, after in pairwise(meter.pulls)) for meter in meters] == [1, 1]
    for meter in meters:
        for key, sign in meter.counters.items():
            assert meter.flowed(sign) > 2
            assert meter.counted(key) == pytest.approx(meter.flowed(sign), rel=tolerance), key
            assert meter.shown[key] == sorted(meter.shown[key])


async def test_a_window_counts_from_its_start_to_its_end(
    hass: HomeAssistant, pass_time: Advance, meters: list[Meter]
) -> None:
    """Both lie between two readings; a straight line from one to the next would count 1.18 kWh."""
    meter = meters[0]
    target = {"device_id": meter.device.id}
    await hass.services.async_call(DOMAIN, "idle", target, blocking=True)
    await read_until(NOON + timedelta(minutes=20), [meter], pass_time)
    start = meter.pulls[-1] + timedelta(minutes=5)
    data = {**target, "power": 2, "start": start, "end": start + timedelta(minutes=35)}
    await hass.services.async_call(DOMAIN, "charge", data, blocking=True)
    await read_until(NOON + timedelta(minutes=90), [meter], pass_time)

    assert meter.counted("energy_charged") == pytest.approx(2 * 35 / 60, rel=0.0075)


async def read_until(end: datetime, meters: Sequence[Meter], pass_time: Advance) -> None:
    """Read the meters each minute."""
    while dt_util.utcnow() < end:
        await pass_time(MINUTE)
        for meter in meters:
            await meter.read()


async def restart(hass: HomeAssistant) -> None:
    """Restart Home Assistant, as far as the integration sees it."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await async_mock_restore_state_shutdown_restart(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
