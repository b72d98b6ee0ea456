"""Readings when somebody asks for them (design §4): no request that Amps could only answer as it did before.

In live a single read asks the manufacturer when what Amps has is too old; in the sandbox a list says as much, for all
devices at once (api §10, §11.1).
"""

import asyncio
import math
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError

from ..api import CREDENTIAL_CODES, AmpsApiError, AmpsError
from ..const import DOMAIN
from ..rules import DeviceHealth, DeviceRecord, is_newer
from ..rules.request_limits import BARE_REFUSAL
from ..rules.schedule import DEFAULT_REFRESH_INTERVAL, EXPEDITED_AFTER, MINUTE
from .errors import error
from .targets import Target

_MAX_WAIT: Final = 75.0
"""Seconds that somebody may wait for a reading: until Amps would ask the manufacturer anew, and for the answer."""


async def async_refresh(target: Target, max_age: float | None = None) -> DeviceRecord:
    """Read a device unless its reading is at most `max_age` seconds old; return what is known then.

    Left out, that is as new as Amps can be: a minute in live. Raises HomeAssistantError when the device was not read,
    or when what came is not its own.
    """
    coordinator, record = target.coordinator, _record(target)
    if coordinator.state.policy.sandbox:
        is_due = max_age is None or coordinator.availability.age(record) > max_age
    else:
        is_due = coordinator.availability.age(record) > max(max_age or 0.0, MINUTE)
    if is_due:
        record = await _read(target, expedite=True)
    check_authoritative(target, record)
    return record


async def async_get(target: Target, max_age: float | None = None) -> DeviceRecord:
    """Return what is known of a device; with `max_age`, in seconds, not before it is that fresh.

    A reading made for this very call is fresh enough, however long it took. Raises HomeAssistantError when none can be
    had: for the reasons of a refresh, or in time.
    """
    record = _record(target)
    if max_age is None:
        return record
    begun = target.coordinator.state.now()
    try:
        async with asyncio.timeout(_MAX_WAIT):
            while not _is_fresh(target, record, max_age, begun):
                record = await _read_newer(target, record, max_age)
    except TimeoutError:
        raise _not_fresh_enough(target, max_age) from None
    return record


def _is_fresh(target: Target, record: DeviceRecord, max_age: float, begun: float) -> bool:
    made_for_this = record.state_monotonic is not None and record.state_monotonic >= begun
    return record.authoritative and (made_for_this or target.coordinator.availability.age(record) <= max_age)


async def _read_newer(target: Target, record: DeviceRecord, max_age: float) -> DeviceRecord:
    """Return a newer reading, once Amps has one; raise when there is none to be had."""
    coordinator = target.coordinator
    age = coordinator.availability.age(record)
    # A normal read brings nothing newer within 15 minutes of a pull, nor an expedited one within one (api §10).
    expedite = not max_age >= DEFAULT_REFRESH_INTERVAL < age
    if expedite and not coordinator.state.policy.sandbox:
        await asyncio.sleep(max(EXPEDITED_AFTER - age, 0.0))
        if is_newer((meanwhile := _record(target)).state_at, record.state_at):
            return meanwhile
    newer = await _read(target, expedite=expedite)
    check_authoritative(target, newer)
    if not is_newer(newer.state_at, record.state_at):
        raise _not_fresh_enough(target, max_age)
    return newer


async def _read(target: Target, *, expedite: bool) -> DeviceRecord:
    """Ask Amps for a device, together with whoever else asks, and return what is known then."""
    coordinator, device = target.coordinator, _record(target).device
    try:
        if coordinator.state.policy.sandbox:
            await coordinator.async_read_lists(type(device))
        else:
            await coordinator.reads.async_read(device.id, expedite=expedite)
            coordinator.state.notify_requested(device.id)
    except AmpsError as err:
        placeholders, record = {"device": target.name, "error": str(err)}, _record(target)
        if isinstance(err, AmpsApiError):
            placeholders["code"] = err.code
            if err.code in CREDENTIAL_CODES - {BARE_REFUSAL} and coordinator.state.limits.verified:
                raise error(key="relink_device", device=target.name, code=err.code) from err
            if err.code == record.error_code:
                check_authoritative(target, record)
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="device_not_read", translation_placeholders=placeholders
        ) from err
    return _record(target)


def _record(target: Target) -> DeviceRecord:
    """Return what is known of a device; the account may have been unloaded, and the device gone, while one waited."""
    if target.coordinator.config_entry.state is not ConfigEntryState.LOADED:
        raise error(key="account_not_loaded", device=target.name)
    if (record := target.coordinator.state.devices.get(target.device_id)) is None:
        raise error(key="device_gone", device=target.name)
    return record


def check_authoritative(target: Target, record: DeviceRecord) -> None:
    """Raise why what is known is not the device's own present, if it is not."""
    if (code := record.relink_code) is not None:
        raise error(key="relink_device", device=target.name, code=code)
    if record.missing is not None:
        raise error(key="device_gone", device=target.name)
    if record.health is not DeviceHealth.OK:
        raise _error_of_age(target, record, "device_unreachable", "device_unreachable_age_unknown")


def _not_fresh_enough(target: Target, max_age: float) -> HomeAssistantError:
    record = _record(target)
    return _error_of_age(target, record, "not_fresh_enough", "not_fresh_enough_age_unknown", max_age=f"{max_age:g}")


def _error_of_age(
    target: Target, record: DeviceRecord, key: str, unknown_key: str, **placeholders: str
) -> HomeAssistantError:
    """Return an error that says how old a reading is, or that nobody knows: Amps need not say when it was pulled."""
    age = target.coordinator.availability.age(record)
    if math.isinf(age):
        return error(key=unknown_key, device=target.name, code=key, **placeholders)
    return error(key=key, device=target.name, age=f"{age:.0f}", **placeholders)
