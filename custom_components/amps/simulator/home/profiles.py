"""The profiles: which devices a simulated home has (design §8, api §15.2 #50)."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from ..devices import DEVICE_TYPES, Device, DeviceType, Model
from ..devices.ev_charger import EV_CHARGER, EvChargerModel
from ..devices.vehicle import VEHICLE, VehicleModel
from ..identifiers import device_id, fraction, user_id

DEFAULT_ZONE = ZoneInfo("Europe/London")

_LARGE_HOME = 50
_FLEET = 1000
_FLEET_DEVICES_PER_USER = 10

type _Devices = Iterator[tuple[DeviceType, Model, int]]
"""Devices in their order: type, model, and the number of the end user who owns it.

The first vehicle is charged by the first charger, the second by the second, and so on.
"""


def _home() -> _Devices:
    """Yield the devices of one household: one of every type, the vehicle on the charger."""
    for kind in DEVICE_TYPES:
        yield kind, _with_vehicle(kind.showcase[0], VEHICLE.showcase[0]), 0


def _showcase() -> _Devices:
    """Yield devices that differ in what they declare, of two end users who each have some of every type."""
    for kind in DEVICE_TYPES:
        for position, model in enumerate(kind.showcase):
            yield kind, _with_vehicle(model, VEHICLE.showcase[position % len(VEHICLE.showcase)]), position % 2


def _mixture(devices_per_user: int) -> _Devices:
    """Yield devices endlessly: every type in turn, every model of a type in turn."""
    index = 0
    while True:
        position, of_type = divmod(index, len(DEVICE_TYPES))
        kind = DEVICE_TYPES[of_type]
        model = kind.catalogue[position % len(kind.catalogue)]
        vehicle = VEHICLE.catalogue[position % len(VEHICLE.catalogue)]
        yield kind, _with_vehicle(model, vehicle), index // devices_per_user
        index += 1


def _with_vehicle(model: Model, vehicle: Model) -> Model:
    """Return a charger model with the vehicle that it charges, any other model unchanged."""
    if isinstance(model, EvChargerModel) and isinstance(vehicle, VehicleModel):
        return _charger_of(model, vehicle)
    return model


@lru_cache
def _charger_of(model: EvChargerModel, vehicle: VehicleModel) -> EvChargerModel:
    return replace(model, vehicle=vehicle)


def _large_home() -> _Devices:
    return _mixture(_LARGE_HOME)


def _fleet() -> _Devices:
    return _mixture(_FLEET_DEVICES_PER_USER)


_PROFILES: Mapping[str, tuple[Callable[[], _Devices], int | None]] = {
    "home": (_home, None),
    "showcase": (_showcase, None),
    "large_home": (_large_home, _LARGE_HOME),
    "fleet": (_fleet, _FLEET),
}

PROFILES = tuple(_PROFILES)
SIZED = tuple(name for name, (_, count) in _PROFILES.items() if count is not None)
"""The profiles that can have any number of devices."""


def devices_of(profile: str, seed: str, *, count: int | None, zone: tzinfo) -> Iterator[Device]:
    """Yield the devices of a profile; `count` overrides how many a profile of `SIZED` has."""
    devices, usual_count = _PROFILES[profile]
    wanted = usual_count if count is None else count
    users: dict[int, str] = {}
    chargers: deque[str] = deque()
    for index, (kind, model, owner) in enumerate(islice(devices(), wanted)):
        if owner not in users:
            users[owner] = user_id(seed, owner)
        identity = device_id(seed, index)
        if kind is EV_CHARGER:
            chargers.append(identity)
        yield Device(
            id=identity,
            kind=kind,
            model=model,
            user_id=users[owner],
            zone=zone,
            # The text is part of the hash: another one would change the days of existing homes.
            spread=fraction("variety", identity),
            charger=chargers.popleft() if kind is VEHICLE and chargers else None,
        )
