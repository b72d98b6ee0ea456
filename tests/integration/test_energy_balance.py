"""The energy counters over a day in live, against what the simulated devices did (design §5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_high

from freezegun.api import FrozenDateTimeFactory
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
from .live import amps_id, leave_one_of_each_type, set_ceiling
from .service import Service

CEILING = 30
"""Requests an hour. Five lists each quarter leave 9.7 of them to five devices: each is read every 31 minutes."""


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

    def read_flow(self) -> None:
        """Note what flows now."""
        # The sandbox shows what a device does at this moment; nothing that live knows changes by it.
        state = ask(self.service, "GET", f"/{self.path}/{amps_id(self.device)}", key=KEY)["state"]
        self.flows.append((dt_util.utcnow(), state[self.power]))

    async def read(self) -> None:
        """Note what is now."""
        self.read_flow()
        (reading,) = await readings_of(self.hass, self.device)
        pulled_at = datetime.fromisoformat(reading["last_pulled"])
        if not self.pulls or pulled_at > self.pulls[-1]:
            self.pulls.append(pulled_at)
        for key in self.counters:
            self.shown.setdefault(key, []).append(float(state_of(self.hass, self.device, key)))

    @property
    def gaps(self) -> list[timedelta]:
        """How far apart the pulls lie."""
        return [after - before for before, after in pairwise(self.pulls)]

    def counted(self, key: str) -> float:
        """Return the kWh that a counter has counted."""
        return self.shown[key][-1] - self.shown[key][0]

    def flowed(self, sign: int, longest_gap: timedelta) -> float:
        """Return the kWh that flowed in a direction between two pulls that are near enough to be bridged."""
        bridged = [(before, after) for before, after in pairwise(self.pulls) if after - before <= longest_gap]
        return sum(
            (max(sign * power, 0) + max(sign * next_power, 0)) / 2 * ((next_at - at) / HOUR)
            for (at, power), (next_at, next_power) in pairwise(self.flows)
            if any(before <= at < after for before, after in bridged)
        )


@dataclass(frozen=True)
class Day:
    """A day in a live home that has one device of each type, from noon on, with meters beside two of them."""

    hass: HomeAssistant
    service: Service
    freezer: FrozenDateTimeFactory
    pass_time: Advance
    battery: Meter
    charger: Meter

    @property
    def meters(self) -> tuple[Meter, Meter]:
        """Both meters."""
        return self.battery, self.charger

    async def until(self, hours: int, minutes: int = 0) -> None:
        """Read the meters each minute, until so long after noon."""
        while dt_util.utcnow() < NOON + timedelta(hours=hours, minutes=minutes):
            await self.pass_time(MINUTE)
            await self.read()

    async def read(self) -> None:
        """Read the meters once."""
        for meter in self.meters:
            await meter.read()

    async def call(self, action: str, meter: Meter, **data: object) -> None:
        """Call an action halfway between two readings of the meters, for which power changes evenly in between."""
        await self.pass_time(MINUTE / 2)
        await self.hass.services.async_call(DOMAIN, action, {"device_id": meter.device.id, **data}, blocking=True)
        await self.pass_time(MINUTE / 2)
        await self.read()

    async def fail_until(self, hours: int, minutes: int) -> None:
        """Let no manufacturer answer until so long after noon."""
        outage = self.service.control("POST", "faults", {"kind": "fallback", "match": {}})
        await self.until(hours, minutes)
        self.service.control("DELETE", f"faults/{outage['id']}")

    async def restart(self, downtime: timedelta) -> None:
        """Restart Home Assistant, as far as the integration sees it, while the meters run on."""
        (entry,) = self.hass.config_entries.async_entries(DOMAIN)
        assert await self.hass.config_entries.async_unload(entry.entry_id)
        await async_mock_restore_state_shutdown_restart(self.hass)
        for _ in range(round(downtime / MINUTE)):
            self.freezer.tick(MINUTE)
            for meter in self.meters:
                meter.read_flow()
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def day(hass: HomeAssistant, service: Service, freezer: FrozenDateTimeFactory, pass_time: Advance) -> Day:
    """Return a day in which nothing has happened yet."""
    hass.loop.set_debug(False)  # there is too much to do in a day to check all of it
    leave_one_of_each_type(service)
    service.control("POST", "live", {"allTypesPushable": True})
    await hass.config.async_set_time_zone("Europe/London")  # that of the plant
    await add_live_account(hass, service.url)
    battery, (charger,) = battery_of(hass), devices(hass, having="connected", domain="binary_sensor")
    return Day(
        hass,
        service,
        freezer,
        pass_time,
        Meter(hass, service, battery, "battery", "chargeRate", {"energy_charged": 1, "energy_discharged": -1}),
        Meter(hass, service, charger, "ev-charger", "currentPower", {"energy": 1}),
    )


@pytest.mark.parametrize(
    ("polling", "distance", "tolerance"),
    [
        ("normal", QUARTER, 0.08),
        ("expedited", MINUTE, 0.01),
        # Less is known of what was between two readings that lie twice as far apart; design §5 sets no limit.
        ("under a ceiling", timedelta(seconds=1858), 0.15),
    ],
    ids=["normal", "expedited", "under a ceiling"],
)
@pytest.mark.usefixtures("hass_storage")
async def test_a_day_counts_what_flowed(
    hass: HomeAssistant, day: Day, polling: str, distance: timedelta, tolerance: float
) -> None:
    if polling == "expedited":
        for meter in day.meters:
            await use(hass, meter.device, "switch.expedited_updates", "turn_on")
    elif polling == "under a ceiling":
        (account,) = hass.config_entries.async_entries(DOMAIN)
        await set_ceiling(hass, account, CEILING)

    await pass_day(day)

    longest_gap = 2 * max(distance, QUARTER)
    for meter in day.meters:
        assert distance <= median_high(meter.gaps) < distance + MINUTE
        assert sum(gap > longest_gap for gap in meter.gaps) == 2, "one outage and one standstill are not bridged"
        for key, sign in meter.counters.items():
            assert meter.flowed(sign, longest_gap) > 2
            assert meter.counted(key) == pytest.approx(meter.flowed(sign, longest_gap), rel=tolerance), key
            assert meter.shown[key] == sorted(meter.shown[key])


async def pass_day(day: Day) -> None:
    """Let a day pass with commands, and with outages and restarts that are bridged, and ones that are not."""
    battery, charger = day.meters
    await day.until(1, 7)
    await day.call("charge", battery, power=3)
    await day.until(3)
    await use(day.hass, charger.device, "number.max_charge_rate", "set_value", value=2)  # else the vehicle is soon full
    start = NOON + timedelta(hours=4, minutes=7, seconds=30)
    await day.call("discharge", battery, power=2, start=start, duration=timedelta(minutes=76))
    await day.until(7, 41)
    await day.call("set_mode", battery, mode="auto_balanced")
    await day.until(9)
    await day.fail_until(9, 8)
    await day.until(9, 40)  # the vehicle is back
    await day.call("idle", charger)
    await day.until(11, 10)
    await day.call("charge", charger)
    await day.until(13)
    await day.fail_until(14, 35)
    await day.until(15, 30)
    await day.call("idle", charger)
    start = NOON + timedelta(hours=16, minutes=7, seconds=30)
    await day.call("charge", charger, start=start, duration=timedelta(minutes=31))
    await day.until(17)
    await day.call("idle", battery)
    await day.until(18, 20)
    await day.call("discharge", battery, power=1.5, target_level=30)
    await day.call("charge", charger)
    await day.until(18, 25)
    await day.restart(timedelta(minutes=20))
    await day.until(19)
    await day.restart(timedelta(minutes=95))
    await day.until(24)


async def test_a_window_counts_from_its_start_to_its_end(hass: HomeAssistant, day: Day) -> None:
    """Both lie between two readings; a straight line from one to the next would count 1.18 kWh."""
    meter = day.battery
    target = {"device_id": meter.device.id}
    await hass.services.async_call(DOMAIN, "idle", target, blocking=True)
    await day.until(0, 20)
    start = meter.pulls[-1] + timedelta(minutes=5)
    data = {**target, "power": 2, "start": start, "end": start + timedelta(minutes=35)}
    await hass.services.async_call(DOMAIN, "charge", data, blocking=True)
    await day.until(0, 90)

    assert meter.counted("energy_charged") == pytest.approx(2 * 35 / 60, rel=0.0075)
