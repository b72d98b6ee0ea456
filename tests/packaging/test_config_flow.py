"""Every form, menu, error and end of the dialogs has its text, and every such text is shown."""

from collections.abc import Mapping
import inspect
from typing import Final

import pytest

from .files import Document, texts
from .forms import Dialog, Fields, dialogs
from .source import Source, parse, source

SOMETIMES: Final = {"already_in_progress"}
"""Ends that Home Assistant may bring about at any time: their texts are welcome, not due."""


def shown(form: Fields) -> Document:
    """Return the texts that a form has, as far as they are named after its fields."""
    said = {
        "data": form.names,
        "data_description": form.names,
        "sections": {name: shown(inner) for name, inner in form.sections.items()},
    }
    return {name: value for name, value in said.items() if value}


def said(step: Document) -> Document:
    """Return the same of the texts."""
    found = {
        "data": set(step.get("data", ())),
        "data_description": set(step.get("data_description", ())),
        "sections": {name: said(inner) for name, inner in step.get("sections", {}).items()},
    }
    return {name: value for name, value in found.items() if value}


@pytest.fixture(params=["config", "options"])
def root(request: pytest.FixtureRequest) -> str:
    """Return each root of texts of a dialog."""
    return str(request.param)


@pytest.fixture
def dialog(root: str) -> Dialog:
    """Return the dialog, an empty one if there is none."""
    return dialogs(source()).get(root, Dialog())


@pytest.fixture
def text(root: str) -> Document:
    """Return its texts."""
    found: Document = texts().get(root, {"step": {}})
    return found


def test_every_step_has_its_texts(dialog: Dialog, text: Mapping[str, Document]) -> None:
    assert text["step"].keys() == dialog.forms.keys() | dialog.menus.keys()


def test_every_field_has_a_name_and_an_explanation(dialog: Dialog, text: Mapping[str, Document]) -> None:
    assert {step: said(text["step"].get(step, {})) for step in dialog.forms} == {
        step: shown(form) for step, form in dialog.forms.items()
    }


def test_every_choice_of_a_menu_has_a_name(dialog: Dialog, text: Mapping[str, Document]) -> None:
    for step, options in dialog.menus.items():
        assert text["step"][step]["menu_options"].keys() == options
        assert text["step"][step].get("menu_option_descriptions", {}).keys() <= options


def test_every_error_has_its_text(dialog: Dialog, text: Mapping[str, Document]) -> None:
    assert text.get("error", {}).keys() == dialog.errors


def test_every_end_has_its_text(dialog: Dialog, text: Mapping[str, Document]) -> None:
    assert text.get("abort", {}).keys() - SOMETIMES == dialog.aborts - SOMETIMES


SAMPLE: Final = """
    MORE = {vol.Optional("later"): str}
    class Flow(ConfigFlow, domain=DOMAIN):
        async def async_step_user(self, user_input=None):
            return self.async_show_menu(step_id="user", menu_options=["key", "home"])
        async def async_step_key(self, user_input=None):
            return self._show("key", vol.Schema({vol.Required(Secret("api_key")): str, **self._advanced()}))
        async def async_step_reauth(self, data):
            self._abort_if_unique_id_mismatch(reason="wrong_account")
            return self._show("again", vol.Schema({vol.Required("api_key"): str}), await self._mistakes())
        async def _mistakes(self):
            return {"base": "expired"}
        def _advanced(self):
            return {vol.Optional("advanced"): section(vol.Schema({vol.Optional("url"): str}), {})}
        def _show(self, step, schema, errors=None):
            if errors is None:
                errors = {}
                errors["base"] = "invalid" if schema else "missing"
            return self.async_show_form(step_id=step, data_schema=schema, errors=errors)
        async def async_step_home(self, user_input=None):
            self._abort_if_unique_id_configured()
            if user_input is None:
                return self.async_show_form(step_id="home")
            if await self._is_new():
                return self.async_update_reload_and_abort(self._get_reauth_entry())
            return self.async_update_and_abort(self._get_reauth_entry(), reason="nothing_new")
    class Options(OptionsFlowWithReload):
        async def async_step_init(self, user_input=None):
            if user_input:
                return self.async_abort(reason="nothing_to_do")
            return self.async_show_form(step_id="init", data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required("tempo"): int}).extend({vol.Optional("ceiling"): int}), {}))
"""


def test_all_that_a_dialog_shows_is_found() -> None:
    found = dialogs(Source.of([parse(inspect.cleandoc(SAMPLE))]))
    assert found["config"] == Dialog(
        forms={
            "key": Fields({"api_key"}, {"advanced": Fields({"url"})}),
            "again": Fields({"api_key"}),
            "home": Fields(),
        },
        menus={"user": {"key", "home"}},
        errors={"expired", "invalid", "missing"},
        aborts={"wrong_account", "already_configured", "nothing_new"},
    )
    assert found["options"] == Dialog(forms={"init": Fields({"tempo", "ceiling"})}, aborts={"nothing_to_do"})
