"""Commands with times, in the zone of the plant, which Amps shows only by what it echoes (design §6, api §6.3)."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo
from functools import partial
from typing import Final
import zoneinfo

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..account.request_log import Purpose
from ..api import AmpsError, display_text
from ..api.models import Action, ActionState, AnyDevice
from ..const import DOMAIN, LOGGER
from ..rules.capability import OnConflict, build_payload
from ..rules.plan import Plan
from ..rules.timing import MAX_ZONE_DIFFERENCE, Window, closest_zone, echoed_offsets, find_ambiguous_times, is_echoed
from .cancel import async_send_cancel
from .sending import async_send
from .targets import Target
from .waiting import find_action

_MAX_CHECKED: Final = 5
"""How many of a device's newest actions are looked at for one that another is queued behind."""


async def async_send_at(
    target: Target, device: AnyDevice, plan: Plan, context: Context | None, *, deadline: float
) -> Action:
    """Send a command for the times that are meant, and see to it that Amps understood these.

    An echo of another zone is mended once: the action is cancelled, the zone learned, the same times are sent anew.
    Where the plant's clock is ahead of Home Assistant's, a start soon is in the past there and refused without an echo:
    then it is asked for as if the plant were as far ahead as any, which shows where it is.
    Raises HomeAssistantError for any other difference, and says what then stands at Amps.
    """

    async def send(zone: tzinfo) -> Action:
        payload = build_payload(device, plan.request, plan.window, zone)
        return await async_send(target, plan.request, payload, context, deadline=deadline)

    zone = target.coordinator.store.plant_zone(target.device_id)
    try:
        action = await send(zone)
    except HomeAssistantError as err:
        if plan.window.start is None or (err.translation_placeholders or {}).get("code") != "START_IN_PAST":
            raise
        zone = timezone((plan.window.start.astimezone(zone).utcoffset() or timedelta(0)) + MAX_ZONE_DIFFERENCE)
        action = await send(zone)
    if (offsets := await _async_offsets(target, plan, zone, action)) is None:
        return action
    await _async_withdraw(target, plan, action)
    if not offsets:
        raise _error(target, plan.window, action, key="times_not_as_meant")
    found = await target.coordinator.hass.async_add_executor_job(partial(_find_zone, offsets))
    learned: tzinfo = found or timezone(next(iter(offsets.values())))
    if found is not None:
        target.latest.coordinator.store.set_plant_zone(target.device_id, found)
    LOGGER.info("%s: the clock of %s is that of %s", target.coordinator.name, target.name, learned)
    if find_ambiguous_times(plan.window, learned):
        raise _error(target, plan.window, action, key="times_twice_at_plant")
    action = await send(learned)
    if await _async_offsets(target, plan, learned, action) is None:
        return action
    await _async_withdraw(target, plan, action)
    raise _error(target, plan.window, action, key="times_not_as_meant")


async def _async_offsets(target: Target, plan: Plan, zone: tzinfo, action: Action) -> dict[datetime, timedelta] | None:
    """Return None for times as they were meant, else the offsets that explain them, nothing if none do."""
    window, start = plan.window, action.start
    if window.start is None or is_echoed(window, start, action.end):
        return None
    if plan.request.on_conflict is OnConflict.QUEUE_AFTER and await _async_is_queued(target, action):
        window, start = replace(window, start=None), None  # only its end is still what was asked for (api §6.7)
        if is_echoed(window, start, action.end):
            return None
    return echoed_offsets(window, zone, start, action.end) or {}


async def _async_is_queued(target: Target, action: Action) -> bool:
    """Return whether an action begins at the end of another one of its device, whoever asked for that."""
    state = target.latest.coordinator.state

    def begins_at_an_end() -> bool:
        record = state.devices.get(target.device_id)
        return record is not None and any(each.end == action.start for each in record.actions.values())

    if not begins_at_an_end():
        with suppress(AmpsError):
            for known in await state.client_for(Purpose.CONFLICT).list_actions(
                device_id=target.device_id, limit=_MAX_CHECKED
            ):
                state.apply_action(target.device_id, known)
    return begins_at_an_end()


def _find_zone(offsets: dict[datetime, timedelta]) -> zoneinfo.ZoneInfo | None:
    """Return the zone of these offsets; reads all zones there are, and so blocks."""
    zones = (zoneinfo.ZoneInfo(name) for name in sorted(zoneinfo.available_timezones()))
    return closest_zone(zones, offsets, dt_util.get_default_time_zone())


async def _async_withdraw(target: Target, plan: Plan, action: Action) -> None:
    """Cancel an action of other times than were meant; raise HomeAssistantError if it stands."""
    try:
        await async_send_cancel(target.latest, action, None)
    except HomeAssistantError as err:
        if find_action(target, action).state is not ActionState.CANCELLED:
            raise _error(target, plan.window, action, key="times_not_as_meant_stands", error=str(err)) from err


def _error(target: Target, window: Window, action: Action, *, key: str, **more: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            "device": target.name,
            "meant": _shown(window.start, window.end),
            "understood": _shown(action.start or action.created_at, action.end),
            "action": display_text(action.id),
            **more,
        },
    )


def _shown(start: datetime | None, end: datetime | None) -> str:
    times = [dt_util.as_local(each).isoformat(" ", "minutes") for each in (start, end) if each is not None]
    return " → ".join(times)
