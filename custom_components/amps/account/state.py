"""What the parts of an account share: its clients, its clock, its records and their listeners (design §2)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from logging import INFO, WARNING
import math
from typing import Final, NamedTuple

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from ..api import CREDENTIAL_CODES, AmpsApiError, AmpsClient, AmpsNotOfferedError, AmpsPermissionError, ListPage
from ..api.models import ActionSummary, AnyDevice
from ..const import CONF_REQUEST_CEILING, CONF_TEMPO, DEFAULT_TEMPO, LOGGER, signal_time_jumped
from ..rules import DeviceHealth, DeviceRecord, ReceivedReading, is_newer
from ..rules.merge import apply_action, apply_written, drop_times_after, mark_credentials_refused, mark_failed, merge
from ..rules.naming import DeviceNames
from ..rules.record import CLOCK_TOLERANCE
from ..rules.schedule import MINUTE, PollPolicy
from .clock import ServiceClock
from .disabled_devices import DisabledDevices
from .gate import GatedTransport, request_limits
from .identity import registered_names
from .listeners import DeviceListeners, Listeners
from .request_log import request_log
from .timer import Timer

_REFUSED_FOR: Final = 86_400.0
"""Seconds for which controls are out of use after `COMMAND_NOT_SUPPORTED`, or without permission (design §6)."""


class ListTimes(NamedTuple):
    """When the last list of a type was made."""

    served_at: datetime | None
    received_monotonic: float


class CommandRefusal(NamedTuple):
    """That Amps refuses all commands for a type of device."""

    until: float
    """When one is tried again, by the monotonic clock."""
    reason: str
    """The translation key."""


class AccountState:
    """The live state of one account; the parts that read it and write it are composed by the coordinator."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, client: AmpsClient) -> None:
        """Start without devices; the environment is known after the first answer."""
        self.hass = hass
        self.entry = entry
        self.name = entry.title
        self.limits = request_limits(hass, entry)
        self.request_log = request_log(hass, entry)
        self._ungated_client = client
        self._clients: dict[tuple[str, bool], AmpsClient] = {}
        """By the reason of their requests, and whether somebody asks for them."""
        self.clock = ServiceClock(self.now)
        self.policy = PollPolicy(refresh_interval=entry.options.get(CONF_TEMPO, DEFAULT_TEMPO) * MINUTE)
        self.ceiling: float | None = entry.options.get(CONF_REQUEST_CEILING)
        """The most requests in an hour, None without a ceiling."""
        self.environment: str | None = None
        """`sandbox` or `live`, None before the first list."""
        self.devices: Mapping[str, DeviceRecord] = {}
        """By device id; replaced as a whole by each change."""
        self.available: set[str] = set()
        """The ids of the devices whose states may be shown as their present ones (`Availability`)."""
        self.list_times: dict[type[AnyDevice], ListTimes] = {}
        """Of the last list of each type."""
        self.disabled_devices = DisabledDevices(hass, entry)
        self._names = DeviceNames(registered_names(hass, entry))

        self.change_listeners = Listeners[Mapping[str, DeviceRecord], Mapping[str, DeviceRecord]]()
        """Called with all records of before and those that changed."""
        self.removal_listeners = Listeners[str]()
        """Called with the id of a device that is gone."""
        self.capability_listeners = Listeners[Collection[str]]()
        """Called with the ids of devices that are new or declare something else."""
        self.device_listeners: defaultdict[str, DeviceListeners] = defaultdict(DeviceListeners)
        """By device id; called when its record or its availability changed."""
        self.requested_listeners: defaultdict[str, Listeners[[]]] = defaultdict(Listeners)
        """By device id; called when the device was read because somebody asked for it."""
        self.shown_listeners = Listeners[Collection[str]]()
        """Called with the ids of devices after all who show them."""
        self.account_listeners = Listeners[[]]()
        """Called after each poll, and when a read is scheduled anew."""
        self.verified_listeners = Listeners[[]]()
        """Called when requests are answered again after they were not."""
        self.set_back_listeners = Listeners[[]]()
        """Called when the service's clock was set back."""
        self.refusal_listeners = Listeners[[]]()
        """Called when Amps refused the commands of a type, and when that is over."""
        self._command_refusals: dict[type[AnyDevice], CommandRefusal] = {}
        """They end with a reload, too."""
        self._refusal_timer = Timer(hass, f"{entry.title} refused commands", self._end_refusals)
        entry.async_on_unload(self._refusal_timer.stop)
        entry.async_on_unload(async_dispatcher_connect(hass, signal_time_jumped(entry.entry_id), self._reset_clock))

    @property
    def is_unloading(self) -> bool:
        """Whether entities are being removed, so that what comes now is left to the next set-up."""
        return self.entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS

    # Time: the service's own, never that of the host (design §4).

    def now(self) -> float:
        """Return the present time of the event loop's clock, in seconds."""
        return self.hass.loop.time()

    def service_time(self) -> datetime:
        """Return the present time at the service; before its first answer that of the epoch."""
        return self.clock.time_at(self.now())

    @callback
    def sync_clock(self, served_at: datetime | None) -> None:
        """Learn the service's time from an answer that has just come."""
        if served_at is None or (shift := self.clock.sync(served_at)) is None:
            return
        is_ahead = shift > timedelta(0)  # as after a sleep of the host, too
        LOGGER.log(INFO if is_ahead else WARNING, "%s: the clock of the service was moved by %s", self.name, shift)
        if is_ahead:
            return
        self.drop_future_times()
        self.set_back_listeners.notify()

    @callback
    def drop_future_times(self) -> None:
        """Drop times that lie ahead of the service's: a single answer of a wrong one must not win for ever."""
        if not self.clock.may_be_ahead:
            return
        self.clock.may_be_ahead = False
        limit = self.service_time() + CLOCK_TOLERANCE
        self.apply(
            {
                device_id: drop_times_after(record, limit)
                for device_id, record in self.devices.items()
                if is_newer(record.capabilities_at, limit) or is_newer(record.state_at, limit)
            }
        )

    @callback
    def _reset_clock(self, _to: datetime) -> None:
        """Learn the time anew, since that of a simulated home was moved."""
        self.clock.reset()

    # Requests.

    def client_for(self, reason: str) -> AmpsClient:
        """Return the client for what people and automations ask for, for a reason that the log of requests names."""
        return self._client_for(reason, polling=False)

    def polling_client_for(self, reason: str) -> AmpsClient:
        """Return the client for whatever is due, for a reason that the log of requests names."""
        return self._client_for(reason, polling=True)

    def _client_for(self, reason: str, *, polling: bool) -> AmpsClient:
        if (client := self._clients.get((reason, polling))) is None:
            ungated = self._ungated_client
            gate = GatedTransport(
                transport=ungated.transport,
                entry=self.entry,
                limits=self.limits,
                log=self.request_log,
                host_time=dt_util.utcnow,
                reason=reason,
                polling=polling,
            )
            client = self._clients[reason, polling] = ungated.with_transport(gate)
        return client

    # Answers.

    @callback
    def on_list_success(self, page: ListPage) -> None:
        """Note that a list was answered: the key is good, and what waited for that may go on."""
        answer = page.answer
        if answer.served_at is not None:
            self.sync_clock(answer.served_at + page.span)
        if answer.environment is not None and answer.environment != self.environment:
            # A key never changes its environment (api §1.2).
            self.environment = answer.environment
            self.policy = replace(self.policy, sandbox=answer.environment == "sandbox")
        if self.limits.verified:
            return
        if self.limits.key_accepted():
            self.verified_listeners.notify()

    @callback
    def apply_reading(self, received: ReceivedReading) -> DeviceRecord:
        """Apply a single reading and return the record after it."""
        device_id = received.reading.device.id
        record = merge(self.devices.get(device_id), received)
        self.apply({device_id: record})
        return record

    @callback
    def apply_read_error(self, device_id: str, err: AmpsApiError) -> None:
        """Apply that a single read was refused for good, or for the owner's link to the manufacturer (api §8.2)."""
        if (record := self.devices.get(device_id)) is None:
            return
        if err.code in CREDENTIAL_CODES:
            refused = mark_credentials_refused(record, err.code)
        else:
            refused = mark_failed(record, err.code, err.served_at or self.service_time())
        self.apply({device_id: refused})

    @callback
    def apply_action(self, device_id: str, action: ActionSummary) -> None:
        """Apply an answer about an action of a device."""
        if record := self.devices.get(device_id):
            self.apply({device_id: apply_action(record, action)})

    @callback
    def apply_written(self, device_id: str, values: Mapping[str, float]) -> None:
        """Apply that settings of a device were written just now."""
        if record := self.devices.get(device_id):
            self.apply({device_id: apply_written(record, values, self.service_time())})

    @callback
    def refuse_commands(self, device_class: type[AnyDevice], err: AmpsNotOfferedError | AmpsPermissionError) -> None:
        """Note that Amps takes no commands for a type, or none with this key, though declared (api §1.4, §8.1)."""
        reason = "commands_not_permitted" if isinstance(err, AmpsPermissionError) else "commands_not_offered"
        self._command_refusals[device_class] = CommandRefusal(until=self.now() + _REFUSED_FOR, reason=reason)
        self._notify_refusals({device_class})

    @callback
    def _end_refusals(self) -> None:
        over = {each for each in self._command_refusals if self.takes_commands(each)}
        for device_class in over:
            del self._command_refusals[device_class]
        self._notify_refusals(over)

    def _notify_refusals(self, changed: AbstractSet[type[AnyDevice]]) -> None:
        self._refusal_timer.set(min((each.until for each in self._command_refusals.values()), default=math.inf))
        self.refusal_listeners.notify()
        self.notify_devices(id_ for id_, record in self.devices.items() if type(record.device) in changed)

    def takes_commands(self, device_class: type[AnyDevice]) -> bool:
        """Return whether Amps takes commands for a type, as far as is known."""
        return self.command_refusal(device_class) is None

    def command_refusal(self, device_class: type[AnyDevice]) -> str | None:
        """Return the translation key of why Amps takes no commands for a type, None if it does as far as is known."""
        refusal = self._command_refusals.get(device_class)
        return None if refusal is None or refusal.until <= self.now() else refusal.reason

    # Records.

    @callback
    def apply(self, records: Mapping[str, DeviceRecord]) -> None:
        """Replace the records that are others than before, and notify whoever depends on them."""
        before = self.devices
        changed = {device_id: record for device_id, record in records.items() if before.get(device_id) is not record}
        if not changed:
            return
        self.devices = {**before, **changed}
        self.assign_names(record.device for device_id, record in changed.items() if device_id not in before)
        for device_id, record in changed.items():
            self._log_health(before.get(device_id), record)
        self.change_listeners.notify(before, changed)

    @callback
    def remove(self, device_id: str) -> None:
        """Remove a device that is gone for good."""
        self.devices = {id_: record for id_, record in self.devices.items() if id_ != device_id}
        self.removal_listeners.notify(device_id)
        self._names.remove(device_id)
        self.notify_devices((device_id,))

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the devices by id (design §3)."""
        return self._names.by_id

    @callback
    def assign_names(self, devices: Iterable[AnyDevice]) -> None:
        """Name devices that have no name yet: of equal ones named together the first by id has the shortest."""
        self._names.add(devices)

    def _log_health(self, before: DeviceRecord | None, after: DeviceRecord) -> None:
        """Log once when trouble with a device starts, and once when it ends."""
        was, now = _unreadable_for(before), _unreadable_for(after)
        if (was is None) == (now is None):
            return
        name = self.names[after.device.id]
        if now is None:
            LOGGER.info("%s: %s can be read again", self.name, name)
        else:
            LOGGER.info("%s: %s cannot be read: %s", self.name, name, now)

    # Listeners.

    @callback
    def notify_changes(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Notify of capabilities and devices that changed."""
        declaring = {
            device_id
            for device_id, record in changed.items()
            if (known := before.get(device_id)) is None or known.capabilities != record.capabilities
        }
        if declaring:
            self.capability_listeners.notify(declaring)
        self.notify_devices(changed, declaring)

    @callback
    def notify_devices(self, device_ids: Iterable[str], declaring: AbstractSet[str] = frozenset()) -> None:
        """Notify whoever shows devices, some of which declare something else than before."""
        for device_id in (device_ids := tuple(device_ids)):
            if listeners := self.device_listeners.get(device_id):
                record = self.devices.get(device_id)
                listeners.notify(
                    record,
                    available=device_id in self.available,
                    takes_commands=record is not None and self.takes_commands(type(record.device)),
                    declares_anew=device_id in declaring,
                )
        self.shown_listeners.notify(device_ids)

    @callback
    def notify_requested(self, device_id: str) -> None:
        """Notify that a device was read because somebody asked for it."""
        if listeners := self.requested_listeners.get(device_id):
            listeners.notify()


def _unreadable_for(record: DeviceRecord | None) -> str | None:
    """Return the reason why a device cannot be read, None if it can."""
    if record is None or (record.failure is None and record.credential_refusals is None):
        return None
    health = None if record.health is DeviceHealth.OK else record.health.value
    return record.error_code or record.relink_code or health
