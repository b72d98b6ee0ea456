"""Writing settings: checked, sent once, and read afterwards (design §6, api §7)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from homeassistant.exceptions import HomeAssistantError

from ..account.connection import AmpsNotSentError
from ..account.request_log import Purpose
from ..api import (
    AmpsApiError,
    AmpsError,
    AmpsRateLimitedError,
    AmpsRelinkError,
    AmpsTransientError,
    display_texts,
    slug,
)
from ..api.models import Setting
from ..const import DOMAIN, LOGGER
from ..rules import DeviceRecord, is_newer
from ..rules.request_limits import AmpsKeyInvalidError, AmpsMonitorOnlyError, AmpsPausedError
from ..rules.schedule import EXPEDITED_AFTER
from ..rules.settings import build_quantities, find_differing, find_setting_objections
from .errors import ARRIVED_AFTER, UNANSWERED, Messages, objection_error, request_error, validation_error
from .queue import async_run_in_turn
from .targets import Target, find_device

_REFUSALS: Final[Messages] = {
    AmpsMonitorOnlyError: "monitor_only",
    AmpsKeyInvalidError: "invalid_auth",
    AmpsPausedError: "settings_rate_limited",
    AmpsNotSentError: "settings_not_sent",
    AmpsRateLimitedError: "settings_rate_limited",
    AmpsRelinkError: "relink_device",
    AmpsTransientError: "settings_outcome_unknown",
    AmpsApiError: "settings_refused",
    AmpsError: "settings_outcome_unknown",
}
"""The message of each refusal."""


async def async_write_settings(target: Target, values: Mapping[str, float]) -> DeviceRecord:
    """Write settings of a device, by slug and in the units that it declares; return what is known of it then.

    They wait for their turn as commands do, and are written once: a lost answer is settled by reading them.
    Raises ServiceValidationError for what the device would refuse, before anything is sent, and HomeAssistantError for
    what Amps refused, left out or left unanswered.
    """
    run = partial(_async_write, target, {name: float(value) for name, value in values.items()})
    return await async_run_in_turn(target.coordinator.hass, target.device_id, run, name=target.name)


async def _async_write(target: Target, values: Mapping[str, float]) -> DeviceRecord:
    """Check and write settings while no command to the device is in flight."""
    current, record = find_device(target)
    device, state = record.device, current.coordinator.state
    settings = await _async_settings(current, record)
    if objections := find_setting_objections(settings, values):
        raise objection_error(objections[0], target.name)
    quantities = build_quantities(settings, values)
    try:
        updated = await state.client_for(Purpose.SETTINGS).write_settings(device, quantities)
    except (AmpsPausedError, AmpsNotSentError) as err:
        raise request_error(err, _REFUSALS, device=target.name) from err
    except UNANSWERED as err:
        return await _async_look_up(target, values, request_error(err, _REFUSALS, device=target.name))
    except AmpsError as err:
        await current.coordinator.error_handler.async_handle(err)
        raise request_error(err, _REFUSALS, device=target.name) from err
    names = {slug(name) for name in updated}
    written = {name: value for name, value in values.items() if name in names}
    record = await _async_apply(target, written)
    if left_out := values.keys() - written.keys():
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="settings_left_out",
            translation_placeholders={"device": target.name, "settings": display_texts(sorted(left_out))},
        )
    return record


async def _async_settings(target: Target, record: DeviceRecord) -> Mapping[str, Setting]:
    """Return the settings of a device, read now where no single reading came yet: lists do not have them (api §4.2).

    Raises ServiceValidationError if it has none, HomeAssistantError if they cannot be read.
    """
    if record.settings is None and record.device.has_settings and record.settings_declared_at is None:
        try:
            record = await target.coordinator.reads.async_read(record.device.id, expedite=False)
        except AmpsError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="device_not_read",
                translation_placeholders={"device": target.name, "error": str(err)},
            ) from err
    if record.settings is None:
        raise validation_error(key="no_settings", device=target.name)
    return record.settings


async def _async_apply(target: Target, written: Mapping[str, float]) -> DeviceRecord:
    """Apply what was written, and see to it that it is read: in the sandbox now, in live once Amps asks the device."""
    coordinator, device_id = target.latest.coordinator, target.device_id
    coordinator.state.apply_written(device_id, written)
    if coordinator.state.policy.sandbox:
        with suppress(AmpsError):  # it is read again within the hour
            await coordinator.reads.async_read(device_id, expedite=False, not_before=coordinator.state.now())
    else:
        coordinator.read_scheduler.read_effect_after(device_id, coordinator.state.service_time())
    if (record := coordinator.state.devices.get(device_id)) is None:
        raise validation_error(key="device_gone", device=target.name)
    return record


async def _async_look_up(target: Target, values: Mapping[str, float], unknown: HomeAssistantError) -> DeviceRecord:
    """Return what is known of a device after settings were written without an answer, if they were.

    Raises that the outcome is unknown when they cannot be read, else that they were lost.
    """
    coordinator = target.latest.coordinator
    state, device_id = coordinator.state, target.device_id
    written_at = state.service_time()
    expedite = not state.policy.sandbox
    wait = ARRIVED_AFTER
    if expedite and (known := state.devices.get(device_id)) is not None:
        # Within a minute Amps answers what it has, without asking the device (api §10).
        wait = max(wait, EXPEDITED_AFTER - coordinator.availability.age(known))
    await asyncio.sleep(wait)
    coordinator = target.latest.coordinator
    try:
        record = await coordinator.reads.async_read(device_id, expedite=expedite, not_before=coordinator.state.now())
    except AmpsError as err:
        LOGGER.debug("%s: what became of settings is unknown: %s", coordinator.name, err)
        raise unknown from err
    if not is_newer(record.settings_at, written_at):
        raise unknown
    if lost := find_differing(record.settings or {}, values):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="settings_lost",
            translation_placeholders={
                **(unknown.translation_placeholders or {}),
                "settings": display_texts(sorted(lost)),
            },
        )
    return record
