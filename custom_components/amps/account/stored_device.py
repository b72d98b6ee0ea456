"""What is stored of a device over reloads and restarts (design §4)."""

from collections.abc import Mapping, Set as AbstractSet
from datetime import datetime
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..api.models import Action
from ..api.models.base import ErrorCode, UtcDatetime
from ..rules import DeviceHealth, DeviceRecord
from ..rules.deliveries import DeliveryHistory
from ..rules.effective import effective_action
from ..rules.follow_up import FollowUp
from ..rules.merge import is_open
from ..rules.record import NOTHING, Written

_MAX_ACTIONS: Final = 10
"""How many actions of a device are stored."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class StoredFailure(_Model):
    """A read that did not reach the device, and is not over."""

    failed_at: UtcDatetime | None = None
    code: ErrorCode = None
    recovered_after: UtcDatetime | None = None


class StoredRefusals(_Model):
    """Reads in a row that were refused for the owner's link to the manufacturer."""

    code: str = Field(pattern="^[A-Z][A-Z0-9_]{0,63}$")
    times: int = Field(gt=0)


class StoredSetting(_Model):
    """A setting that was written and not read since."""

    value: float = Field(allow_inf_nan=False)
    written_at: UtcDatetime


class StoredContext(_Model):
    """Who asked for an action."""

    id: str
    user_id: str | None = None
    parent_id: str | None = None


class StoredDevice(_Model):
    """What is stored of a device."""

    failure: StoredFailure | None = None
    refusals: StoredRefusals | None = None
    actions: tuple[Action, ...] = ()
    contexts: Mapping[str, StoredContext] = {}
    """Of the open actions and windows, by their ids."""
    overridden: bool = False
    contradicted_since: UtcDatetime | None = None
    written: Mapping[str, StoredSetting] = {}
    """By slug; the readings that Amps has may still be older."""
    follow_ups: tuple[FollowUp, ...] = ()
    windows: tuple[str, ...] = ()
    """The actions whose windows had not ended."""
    plant_zone: str | None = None
    """The zone of the plant, where it is another than Home Assistant's."""


class StoredAccount(_Model):
    """What is stored of the account as a whole."""

    deliveries: DeliveryHistory = DeliveryHistory()


class Kept(NamedTuple):
    """What is to be stored of a device, as far as its record has it."""

    failure: StoredFailure | None = None
    refusals: StoredRefusals | None = None
    actions: tuple[Action, ...] = ()
    written: Mapping[str, Written] = NOTHING


NOTHING_KEPT: Final = Kept()


def to_keep(record: DeviceRecord, windows: AbstractSet[str], now: datetime) -> Kept:
    """Return a failure that is not over, and the actions that say what the device should do and what was reported.

    Those are the newest, the last that took effect, the open ones, and those whose windows have not ended.
    """
    failure = None
    if record.failure is not None and record.health is not DeviceHealth.OK:
        failure = StoredFailure(
            failed_at=record.failure.failed_at, code=record.failure.code, recovered_after=record.recovered_after
        )
    refusals = None
    if (refused := record.credential_refusals) is not None:
        refusals = StoredRefusals(code=refused.code, times=refused.times)
    if not (failure or refusals or record.actions or record.written):
        return NOTHING_KEPT
    unfinished = (each for each in record.actions.values() if is_open(each) or each.id in windows)
    wanted = (record.action, effective_action(record.actions, now), *unfinished)
    actions = {action.id: action for action in wanted if action is not None}
    return Kept(failure, refusals, tuple(actions.values())[:_MAX_ACTIONS], record.written)


def parse_stored[ModelT: _Model](model: type[ModelT], raw: object) -> ModelT | None:
    """Return what was stored, None if it cannot be used."""
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None
