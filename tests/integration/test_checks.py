"""What is checked in every test is found when it is wrong."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig
import pytest
import voluptuous as vol

from custom_components.amps.const import DOMAIN

from . import checks


@pytest.mark.parametrize(
    ("key", "given", "wrong"),
    [
        ("nothing_to_read", None, []),
        ("device_gone", {"device": "FoxESS", "code": "more than is needed"}, []),
        ("device_gonne", {"device": "FoxESS"}, ["exceptions.device_gonne has no text"]),
        ("device_gone", None, ["exceptions.device_gone: nothing fills in ['device']"]),
        (None, None, ["exceptions.None has no text"]),
    ],
)
def test_an_error_without_its_text_is_found(
    key: str | None, given: dict[str, str] | None, wrong: list[str], problems: set[str]
) -> None:
    ServiceValidationError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=given)
    assert problems == set(wrong)
    problems.clear()


def test_errors_of_others_have_their_texts_elsewhere(problems: set[str]) -> None:
    HomeAssistantError("nobody is shown this")
    HomeAssistantError(translation_domain="homeassistant", translation_key="elsewhere")
    assert not problems


HOSTS = ("embedded", "hosted")


def form(step_id: str = "api_key", *, errors: dict[str, str] | None = None, **fields: object) -> dict[str, Any]:
    """Return a form with these fields."""
    schema = vol.Schema({vol.Required(name): kind for name, kind in fields.items()})
    return {"type": FlowResultType.FORM, "step_id": step_id, "errors": errors, "data_schema": schema}


def select(*options: str, key: str = "sandbox_host") -> SelectSelector:
    """Return a choice."""
    return SelectSelector(SelectSelectorConfig(options=list(options), translation_key=key))


@pytest.mark.parametrize(
    ("result", "wrong"),
    [
        (form(api_key=str, advanced=section(vol.Schema({"url": str}))), []),
        (form(errors={"base": "cannot_connect"}), []),
        (form("key"), ["config.step.key has no text"]),
        (form("reauth_confirm"), ["config.step.reauth_confirm: nothing fills in ['name']"]),
        (form("reauth_confirm") | {"description_placeholders": {"name": "Amps"}}, []),
        (form(errors={"base": "no_luck"}), ["config.error.no_luck has no text"]),
        (form(key=str), ["config.api_key.data.key has no text", "config.api_key.data_description.key has no text"]),
        (form(more=section(vol.Schema({}))), ["config.api_key.sections.more has no text"]),
        (
            form(advanced=section(vol.Schema({"port": int}))),
            [
                "config.api_key.advanced.data.port has no text",
                "config.api_key.advanced.data_description.port has no text",
            ],
        ),
        (form("sandbox", sandbox_host=select(*HOSTS)), []),
        (
            form("sandbox", sandbox_host=select("embedded", "elsewhere")),
            ["selector.sandbox_host: no choice, or one without a text: ['elsewhere', 'hosted']"],
        ),
        (
            form("sandbox", sandbox_host=select("embedded", key="host")),
            ["selector.host: no choice, or one without a text: ['embedded']"],
        ),
        ({"type": FlowResultType.MENU, "step_id": "user", "menu_options": ["api_key"]}, []),
        (
            {"type": FlowResultType.MENU, "step_id": "user", "menu_options": ["api_kee"]},
            ["config.user.menu_options.api_kee has no text"],
        ),
        ({"type": FlowResultType.ABORT, "reason": "wrong_account"}, []),
        ({"type": FlowResultType.ABORT, "reason": "no_account"}, ["config.abort.no_account has no text"]),
        ({"type": FlowResultType.ABORT, "reason": "reauth_successful", "translation_domain": "homeassistant"}, []),
        ({"type": FlowResultType.CREATE_ENTRY}, []),
    ],
)
def test_a_dialog_that_shows_what_has_no_text_is_found(result: Mapping[str, Any], wrong: list[str]) -> None:
    assert list(checks.of_flow("config", result)) == wrong


@pytest.mark.parametrize(
    ("result", "wrong"),
    [
        ({"type": FlowResultType.ABORT, "reason": "window_over"}, []),
        (
            {"type": FlowResultType.ABORT, "reason": "over"},
            ["issues.scheduler_active.fix_flow.abort.over has no text"],
        ),
        (
            form("confirm") | {"description_placeholders": {"device_markdown": "FoxESS"}},
            ["issues.scheduler_active.fix_flow.step.confirm: nothing fills in ['plan_markdown']"],
        ),
    ],
)
def test_a_dialog_of_a_repair_that_shows_what_has_no_text_is_found(result: Mapping[str, Any], wrong: list[str]) -> None:
    assert list(checks.of_flow("issues.scheduler_active.fix_flow", result)) == wrong


async def test_all_that_a_dialog_shows_is_checked(
    hass: HomeAssistant, problems: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "texts", lambda: {"config": {"step": {}}})
    await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert "config.step.user has no text" in problems
    problems.clear()


@pytest.mark.parametrize(
    ("key", "given", "wrong"),
    [
        ("relink_device", {"device": "", "device_markdown": "", "vendor_markdown": "", "code_markdown": ""}, []),
        ("link_device", {"device": ""}, ["issues.link_device has no text"]),
        ("all_devices_missing", {"account": ""}, ["issues.all_devices_missing: nothing fills in ['account_markdown']"]),
    ],
)
async def test_a_repair_without_its_texts_is_found(
    hass: HomeAssistant, problems: set[str], key: str, given: dict[str, str], wrong: list[str]
) -> None:
    create = partial(ir.async_create_issue, hass, is_fixable=False, severity=ir.IssueSeverity.WARNING)
    create(DOMAIN, "id", translation_key=key, translation_placeholders=given)
    create("other", "id", translation_key="theirs")
    assert problems == set(wrong)
    problems.clear()


def in_a_thread(_event: object) -> None:
    """Stand for a function of ours that does not say that it runs in the event loop."""


async def on_the_loop(_event: object) -> None:
    """Stand for one that runs there anyway."""


@pytest.mark.parametrize(
    ("job", "is_wrong"),
    [
        (in_a_thread, True),
        (partial(partial(in_a_thread), 1), True),
        (callback(lambda _: None), False),
        (on_the_loop, False),
    ],
)
async def test_what_would_run_in_a_thread_is_found(
    hass: HomeAssistant,
    problems: set[str],
    monkeypatch: pytest.MonkeyPatch,
    job: Callable[..., Any],
    *,
    is_wrong: bool,
) -> None:
    hass.bus.async_listen("event", job)
    assert not problems
    monkeypatch.setattr(checks, "PACKAGE", __name__)
    hass.bus.async_listen("event", job)
    assert bool(problems) is is_wrong
    problems.clear()
