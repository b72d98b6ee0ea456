"""What a person is told when Amps refuses what was sent, and how the account goes on (api §8, design §4 and §6)."""

from collections.abc import Callable
from typing import NamedTuple

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, Response

from .commanding import Home
from .conftest import MINUTE, Advance, patiently, state_of
from .interception import error
from .live import reauth_flows

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])


@pytest.fixture
def profile() -> str:
    """Return a home with one device of each type."""
    return "home"


class ErrorKeys(NamedTuple):
    """The keys of the messages, by what was to be done."""

    cancel: str = "command_refused"
    command: str = "command_refused"
    settings: str = "settings_refused"


REFUSED = ErrorKeys()
LIMITED = ErrorKeys("command_rate_limited", "command_rate_limited", "settings_rate_limited")
LOST = ErrorKeys("cancel_lost", "command_lost", "settings_lost")
GONE = ErrorKeys(cancel="action_gone")
IN_THE_WAY = ErrorKeys(cancel="not_cancellable", command="other_in_the_way")
LINK = ErrorKeys("relink_device", "relink_device", "relink_device")

REFUSALS: list[tuple[int, str, ErrorKeys]] = [
    # Of the platform (api §8.1).
    (401, "UNAUTHORIZED", REFUSED),
    (401, "INVALID_API_KEY", REFUSED),
    (401, "EXPIRED_TOKEN", REFUSED),
    (401, "RATE_LIMIT_EXCEEDED", LIMITED),
    (429, "RATE_LIMIT_EXCEEDED", LIMITED),
    (403, "INSUFFICIENT_PERMISSIONS", REFUSED),
    (403, "LIVE_ACCESS_DISABLED", REFUSED),
    (404, "DEVICE_NOT_FOUND", GONE),
    (404, "NOT_FOUND", GONE),
    (409, "CONFLICT", IN_THE_WAY),
    (409, "ACTION_NOT_CANCELLABLE", IN_THE_WAY),
    (422, "UNSUPPORTED_MODE", REFUSED),
    (422, "UNSUPPORTED_PARAMETER", REFUSED),
    (422, "UNSUPPORTED_UNIT", REFUSED),
    (422, "PARAMETER_OUT_OF_RANGE", REFUSED),
    (422, "EXECUTION_NOT_SUPPORTED", REFUSED),
    (422, "STRATEGY_NOT_SUPPORTED", REFUSED),
    (422, "START_IN_PAST", REFUSED),
    (422, "START_OUT_OF_RANGE", REFUSED),
    (422, "INVALID_TIME_WINDOW", REFUSED),
    (422, "DIRECT_ACTION_UNSUPPORTED", REFUSED),
    (422, "COMMAND_NOT_SUPPORTED", REFUSED),
    (422, "UNSUPPORTED_SETTING", REFUSED),
    (422, "READ_ONLY_SETTING", REFUSED),
    (422, "SETTING_OUT_OF_RANGE", REFUSED),
    (501, "NOT_IMPLEMENTED", REFUSED),
    (500, "INTERNAL_ERROR", LOST),
    (503, "SERVICE_UNAVAILABLE", LOST),
    # What is malformed, or outside the vocabulary, has a code that nobody knows.
    (400, "VALIDATION_ERROR", REFUSED),
    (422, "NOT_IN_THE_VOCABULARY", REFUSED),
    # Of manufacturers (api §8.2): one for each class.
    (401, "INVALID_CREDENTIALS", LINK),
    (403, "ACCOUNT_LOCKED", LINK),
    (422, "DEVICE_OFFLINE", REFUSED),
    (503, "NETWORK_ERROR", LOST),
]
"""The status and the code of an answer, and what is told of it."""
IN_WORDS = {"action_gone", "not_cancellable"}
"""The messages that say so much more than the code that they leave it out."""
WITHOUT_CODE = {"command_rate_limited", "settings_rate_limited", "other_in_the_way"}
"""The messages that say in words what the code means, which is in the response all the same."""
OUT_OF_USE = {
    "COMMAND_NOT_SUPPORTED": "commands_not_offered",
    "NOT_IMPLEMENTED": "commands_not_offered",
    "INSUFFICIENT_PERMISSIONS": "commands_not_permitted",
}
"""The codes after which commands to the type are out of use, and what is told from then on."""


def to_posts(answer: Response) -> Callable[[Request], Response | None]:
    """Return what answers all requests that change something."""
    return lambda request: answer if request.method == "POST" else None


@BOTH
@pytest.mark.parametrize(("status", "code", "keys"), REFUSALS, ids=[f"{status} {code}" for status, code, _ in REFUSALS])
async def test_a_refusal_is_one_error_that_names_device_and_code_and_concerns_nothing_else(
    home: Home, pass_time: Advance, status: int, code: str, keys: ErrorKeys
) -> None:
    battery = home.battery
    await home.call("charge", battery, start="23:30", end="05:00")
    home.between.answer = to_posts(error(code, status))
    calls: list[tuple[str, str, dict[str, object]]] = [
        (keys.cancel, "cancel_action", {}),
        (keys.settings, "apply_settings", {"settings": {"discharge_floor": 25, "charge_ceiling": 95}}),
        (keys.command, "idle", {}),
    ]
    for key, action, data in calls:
        home.forget()
        err = await patiently(home.refusal(action, battery, **data), pass_time)
        assert err.translation_key == key
        assert key in IN_WORDS or (err.translation_placeholders or {})["code"] == code
        assert key in IN_WORDS | WITHOUT_CODE or code in str(err)
        await pass_time(MINUTE)
        assert home.posts == 1
    assert [each["state"] for each in home.actions(battery)] == ["scheduled"]

    home.between.answer = lambda _: None
    await pass_time(MINUTE)
    assert (home.account.state, reauth_flows(home.hass)) == (ConfigEntryState.LOADED, 0)
    assert float(state_of(home.hass, battery, "level")) > 0
    reported = {each.translation_key for each in ir.async_get(home.hass).issues.values() if each.domain == DOMAIN}
    assert reported == ({OUT_OF_USE[code]} if code in OUT_OF_USE else set())
    if code in OUT_OF_USE:
        assert (await home.refusal("idle", battery)).translation_key == OUT_OF_USE[code]
        assert home.posts == 1
        return
    assert (await home.call("idle", battery, on_conflict="cancel_and_replace"))["ok"]
    assert (await home.call("apply_settings", battery, settings={"discharge_floor": 25}))["ok"]


@pytest.mark.parametrize(
    ("key", "action", "data"),
    [
        ("command_refused", "charge", {"start": "20:00", "end": "21:00"}),
        ("settings_refused", "apply_settings", {"settings": {"discharge_floor": 25}}),
    ],
)
@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("end_not_after_start", "INVALID_TIME_WINDOW (HTTP 422): end_not_after_start"),
        ("end\nbefore start", "INVALID_TIME_WINDOW (HTTP 422): end before start"),
        (7, "INVALID_TIME_WINDOW (HTTP 422)"),
        (None, "INVALID_TIME_WINDOW (HTTP 422)"),
    ],
)
async def test_the_reason_of_a_refusal_is_shown(
    home: Home, key: str, action: str, data: dict[str, object], reason: object, shown: str
) -> None:
    """It alone says which rule was broken (api §15.3 #31)."""
    home.between.answer = to_posts(error("INVALID_TIME_WINDOW", 422, {"reason": reason}))
    err = await home.refusal(action, home.battery, **data)
    assert err.translation_key == key
    assert str(err).endswith(f": {shown}")


@BOTH
@pytest.mark.parametrize(
    ("status", "code", "soon", "later"),
    [
        (401, "INVALID_API_KEY", 1, 1),
        (401, "EXPIRED_TOKEN", 1, 1),
        # Three probes are refused first, after one, five and fifteen minutes.
        (401, "UNAUTHORIZED", 0, 1),
        (401, "RATE_LIMIT_EXCEEDED", 0, 0),
        (429, "RATE_LIMIT_EXCEEDED", 0, 0),
        (403, "INSUFFICIENT_PERMISSIONS", 0, 0),
        (403, "LIVE_ACCESS_DISABLED", 0, 0),
        (500, "INTERNAL_ERROR", 0, 0),
    ],
)
async def test_a_new_key_is_asked_for_only_when_lists_say_that_it_has_to_be(
    home: Home, pass_time: Advance, status: int, code: str, soon: int, later: int
) -> None:
    """What is refused everywhere is the key's fault only where the contract says so (design §4, errors)."""
    home.between.answer = lambda _: error(code, status)
    await patiently(home.refusal("idle", home.battery), pass_time)
    await pass_time(15 * MINUTE)
    assert reauth_flows(home.hass) == soon
    await pass_time(15 * MINUTE)
    assert reauth_flows(home.hass) == later
    assert home.posts == 1
