"""The energy dashboard of Home Assistant: the batteries, inverters and chargers of the simulated home.

Its sources are written when there are none, and again when the devices would give others, but never over the edits of
a person: what is there has to be what was written last.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from scripts.support.client import Client, Json
from scripts.support.devices import Device, Entities, devices_of
from scripts.support.failure import DevelopError
from scripts.support.notes import Notes, fingerprint
from scripts.support.output import say

# More than this of a kind no graph shows legibly.
MAX_OF_KIND = 8

type Preferences = Mapping[str, Sequence[Json]]
"""The sources of energy and the devices that consume it."""


async def show_energy(client: Client, notes: Notes, profile: str) -> None:
    """Have the devices of this home in the energy dashboard."""
    wanted = build_preferences(await devices_of(client, notes.homes[profile]["entry_id"]))
    there = await _preferences(client)
    if there is not None and (there == wanted or fingerprint(there) != notes.energy):
        return
    say("writing the sources of the energy dashboard")
    await client.command("energy/save_prefs", **wanted)
    notes.energy = fingerprint(wanted)
    notes.save()


def build_preferences(devices: Sequence[Device]) -> Preferences:
    """Return what a person would choose in the energy dashboard for these devices."""
    inverters = [_inverter(name, entities) for name, entities in devices if {"producing", "energy"} <= entities.keys()]
    batteries = [_battery(name, entities) for name, entities in devices if "energy_charged" in entities]
    chargers = [_charger(name, entities) for name, entities in devices if {"connected", "energy"} <= entities.keys()]
    return {
        "energy_sources": inverters[:MAX_OF_KIND] + batteries[:MAX_OF_KIND],
        "device_consumption": chargers[:MAX_OF_KIND],
    }


def _inverter(name: str, entities: Entities) -> Json:
    return {"type": "solar", "name": name, "stat_energy_from": entities["energy"], "stat_rate": entities["power"]}


def _battery(name: str, entities: Entities) -> Json:
    return {
        "type": "battery",
        "name": name,
        "stat_energy_from": entities["energy_discharged"],
        "stat_energy_to": entities["energy_charged"],
        # Home Assistant's power of a battery is positive while it discharges.
        "power_config": {"stat_rate_inverted": entities["power"]},
        "stat_soc": entities["level"],
    }


def _charger(name: str, entities: Entities) -> Json:
    return {"name": name, "stat_consumption": entities["energy"], "stat_rate": entities["power"]}


async def _preferences(client: Client) -> Preferences | None:
    """Return what is there, without what Home Assistant adds itself: the sensor that inverts a power."""
    try:
        there = cast("dict[str, list[Json]]", await client.command("energy/get_prefs"))
    except DevelopError:  # it has none yet
        return None
    for source in there["energy_sources"]:
        if "power_config" in source:
            source.pop("stat_rate", None)
    return {key: there[key] for key in ("energy_sources", "device_consumption")}
