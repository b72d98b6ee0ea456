"""The repairs of an account: what only its user can mend, or has to know (design §4, §6).

Each is created when its condition holds, and deleted when that ends or when the account is not loaded any more. One
that the user ignores outlives a reload, so that it stays ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from ..api import escape_markdown
from ..api.models import DEVICE_CLASSES, Action
from ..const import DOMAIN
from ..rules import DeviceRecord
from ..rules.capability import OnConflict
from ..rules.native_scheduler import LockedOut, find_last_outcome, is_locked_out
from .cleanup import Cleanup
from .deliveries import Deliveries
from .gate import is_monitor_only
from .state import AccountState
from .store import AccountStore

DATA_ENTRY_ID: Final = "entry_id"
DATA_DEVICE_ID: Final = "device_id"
"""What the data of an issue says: the account, and Amps' id of the device that it is about, if any."""
KEY_SCHEDULER_ACTIVE: Final = "scheduler_active"
"""The key of the only repair that Home Assistant can carry out."""

_WEEKS: Final = 52
"""For how many weeks two zones are compared: each changes its clocks twice a year, if at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issue:
    """What a repair says."""

    key: str
    placeholders: Mapping[str, str]
    severity: ir.IssueSeverity = ir.IssueSeverity.WARNING
    is_fixable: bool = False
    device_id: str | None = None


@callback
def async_setup_issues(hass: HomeAssistant) -> None:
    """Delete from now on the repairs of accounts that are not loaded any more, be it that they never were."""

    @callback
    def on_entry_changed(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN or entry.state is not ConfigEntryState.NOT_LOADED:
            return
        is_gone = change is ConfigEntryChange.REMOVED or entry.disabled_by is not None
        for issue in tuple(ir.async_get(hass).issues.values()):
            is_of_entry = issue.domain == DOMAIN and (issue.data or {}).get(DATA_ENTRY_ID) == entry.entry_id
            if is_of_entry and (is_gone or issue.dismissed_version is None):
                ir.async_delete_issue(hass, DOMAIN, issue.issue_id)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, on_entry_changed)


class AccountIssues:
    """Creates and deletes the repairs of an account as their conditions change."""

    def __init__(self, state: AccountState, store: AccountStore, cleanup: Cleanup, deliveries: Deliveries) -> None:
        """Watch nothing, until it is started."""
        self._state = state
        self._store = store
        self._cleanup = cleanup
        self._refused: dict[str, LockedOut] = {}
        """The last command that Amps refused because of the device's own scheduler, by device id."""
        self._deliveries = deliveries

    @callback
    def start(self) -> None:
        """Check everything now, and whenever it changes."""
        state = self._state
        for remove in (
            state.change_listeners.add(self._on_change),
            state.removal_listeners.add(self._on_removal),
            state.account_listeners.add(self._check_devices_missing),
            state.refusal_listeners.add(self._check_commands),
            self._store.zone_listeners.add(self._check_zone),
            self._deliveries.listeners.add(self._check_webhook),
            state.hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._on_core_config_update),
        ):
            state.entry.async_on_unload(remove)
        self._on_change({}, state.devices)
        self._check_devices_missing()
        self._check_commands()
        self._check_webhook()
        self._check_zones()

    def device_name(self, device_id: str) -> str:
        """Return what the user calls a device."""
        found = dr.async_get(self._state.hass).async_get_devices(identifiers={(DOMAIN, device_id)})
        names = (each.name_by_user for each in found if each.config_entry_id == self._state.entry.entry_id)
        return next(filter(None, names), None) or self._state.names.get(device_id, device_id)

    # The account.

    @callback
    def report_live_access(self, *, enabled: bool) -> None:
        """Report whether Amps lets the account use its live key (api §1.2)."""
        issue = None if enabled else self._account_issue("live_access_disabled", severity=ir.IssueSeverity.ERROR)
        self._set(f"live_access_disabled_{self._state.entry.entry_id}", issue)

    @callback
    def _check_devices_missing(self) -> None:
        issue = self._account_issue("all_devices_missing") if self._cleanup.are_all_missing else None
        self._set(f"all_devices_missing_{self._state.entry.entry_id}", issue)

    @callback
    def _check_commands(self) -> None:
        """Report the types whose commands Amps does not offer, or not with this key (design §6, api §8.1)."""
        for device_class in DEVICE_CLASSES:
            reason = self._state.command_refusal(device_class)
            issue = None if reason is None else self._account_issue(reason, type=device_class.label)
            self._set(f"commands_not_offered_{device_class.device_type}_{self._state.entry.entry_id}", issue)

    @callback
    def _check_webhook(self) -> None:
        """Report that nothing is delivered to the webhook, until something is (design §7)."""
        issue = self._account_issue("webhook_silent") if self._deliveries.is_silent else None
        self._set(f"webhook_silent_{self._state.entry.entry_id}", issue)

    def _account_issue(
        self, key: str, severity: ir.IssueSeverity = ir.IssueSeverity.WARNING, **placeholders: str
    ) -> _Issue:
        return _Issue(key=key, severity=severity, placeholders={"account": self._state.entry.title, **placeholders})

    # Devices.

    @callback
    def _on_change(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        for device_id, record in changed.items():
            known = before.get(device_id)
            if known is None or known.relink_code != record.relink_code:
                self._check_link(device_id, record)
            if known is None or known.actions is not record.actions:
                self._check_scheduler(device_id, record)

    @callback
    def _on_removal(self, device_id: str) -> None:
        self._refused.pop(device_id, None)
        for issue_id in (_link_issue(device_id), _scheduler_issue(device_id), _zone_issue(device_id)):
            self._set(issue_id, None)

    def _check_link(self, device_id: str, record: DeviceRecord) -> None:
        """Report that the owner has to link the device anew, until it can be read again (api §8.2)."""
        if (code := record.relink_code) is None:
            self._set(_link_issue(device_id), None)
            return
        placeholders = {
            "device": self.device_name(device_id),
            "vendor": record.device.vendor or record.device.label,
            "code": code,
        }
        issue = _Issue(
            key="relink_device", severity=ir.IssueSeverity.ERROR, placeholders=placeholders, device_id=device_id
        )
        self._set(_link_issue(device_id), issue)

    @callback
    def report_refused(self, device_id: str, refused: LockedOut) -> None:
        """Report a command that Amps refused because of the device's own scheduler."""
        self._refused[device_id] = refused
        if (record := self._state.devices.get(device_id)) is not None:
            self._check_scheduler(device_id, record)

    @callback
    def find_locked_out(self, device_id: str) -> LockedOut | None:
        """Return the command that a device's own scheduler kept from being carried out, None if it keeps none now."""
        record, refused = self._state.devices.get(device_id), self._refused.get(device_id)
        outcome = self._last_outcome(device_id, record) if record else None
        if outcome is None or not is_locked_out(outcome):
            return None
        if refused is not None and refused.action is outcome:
            return refused
        follow_ups = self._store.follow_ups.get(device_id, ())
        then = next((each.request for each in follow_ups if each.window_id == outcome.id), None)
        return LockedOut(action=outcome, then=then)

    def _last_outcome(self, device_id: str, record: DeviceRecord) -> Action | None:
        """Return what came of the last command of which that is known."""
        refused = self._refused.get(device_id)
        return find_last_outcome({**record.actions, **({refused.action.id: refused.action} if refused else {})})

    def _check_scheduler(self, device_id: str, record: DeviceRecord) -> None:
        """Report that the device's own scheduler is in the way, until a later action is completed (api §6.7).

        While one is under way nothing changes: what becomes of it will say more.
        """
        if (outcome := self._last_outcome(device_id, record)) is None or is_monitor_only(self._state.entry):
            return
        if not is_locked_out(outcome):
            self._set(_scheduler_issue(device_id), None)
            return
        can_replace = OnConflict.CANCEL_AND_REPLACE in record.device.conflict_strategies
        issue = _Issue(
            key=KEY_SCHEDULER_ACTIVE if can_replace else "scheduler_active_elsewhere",
            placeholders={"device": self.device_name(device_id)},
            is_fixable=can_replace,
            device_id=device_id,
        )
        self._set(_scheduler_issue(device_id), issue)

    @callback
    def _on_core_config_update(self, _event: Event) -> None:
        self._check_zones()

    def _check_zones(self) -> None:
        for device_id in self._state.devices:
            self._check_zone(device_id)

    @callback
    def _check_zone(self, device_id: str) -> None:
        """Report that a plant is in another zone than Home Assistant, as far as clocks show (api §15.3 #33)."""
        plant_zone, home_zone = self._store.plant_zone(device_id), dt_util.get_default_time_zone()
        issue = None
        if not _are_in_step(plant_zone, home_zone, self._state.service_time()):
            placeholders = {
                "device": self.device_name(device_id),
                "plant_zone": str(plant_zone),
                "home_zone": str(home_zone),
            }
            issue = _Issue(key="plant_zone_differs", placeholders=placeholders, device_id=device_id)
        self._set(_zone_issue(device_id), issue)

    # Repairs.

    def _set(self, issue_id: str, issue: _Issue | None) -> None:
        """Have Home Assistant show an issue, or none."""
        hass = self._state.hass
        if issue is None:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            return
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            data={DATA_ENTRY_ID: self._state.entry.entry_id, DATA_DEVICE_ID: issue.device_id},
            is_fixable=issue.is_fixable,
            severity=issue.severity,
            translation_key=issue.key,
            # For the title as they are, for the description, which is Markdown, as text.
            translation_placeholders={
                **issue.placeholders,
                **{f"{name}_markdown": escape_markdown(text) for name, text in issue.placeholders.items()},
            },
        )


def _are_in_step(one: tzinfo, other: tzinfo, now: datetime) -> bool:
    """Return whether the clocks of two zones agree for a year: many zones have the same clocks."""
    weeks = (now + timedelta(weeks=week) for week in range(_WEEKS))
    return one == other or all(week.astimezone(one).utcoffset() == week.astimezone(other).utcoffset() for week in weeks)


def _link_issue(device_id: str) -> str:
    return f"relink_device_{device_id}"


def _scheduler_issue(device_id: str) -> str:
    return f"scheduler_active_{device_id}"


def _zone_issue(device_id: str) -> str:
    return f"plant_zone_{device_id}"
