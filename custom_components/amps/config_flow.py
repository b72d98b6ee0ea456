"""The dialogs that add an account or a simulated home, renew a key and change what was typed in (design §3)."""

from collections.abc import Mapping
from itertools import chain, count
from secrets import token_hex
from typing import Any, Final, override

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow, section
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.translation import async_get_translations
from probatio import Secret
import voluptuous as vol

from .account.claims import left_to_others
from .account.connection import open_client
from .account.identity import devices_elsewhere, find_known_device, known_devices, probe_account
from .account.service_url import is_header_value, is_insecure, is_same_origin, service_url
from .api import AmpsClient, AmpsError
from .const import CONF_PROFILE, CONF_SANDBOX_HOST, CONF_SEED, CONF_USER_ID, DEFAULT_URL, DOMAIN
from .errors import translation_key
from .options_flow import AmpsOptionsFlow
from .runtime import AmpsConfigEntry
from .simulator import PROFILES

SECTION_ADVANCED: Final = "advanced"
SANDBOX_PREFIXES: Final = ("sk_test_", "amps_sk_test_")
"""Keys that are the sandbox's by their looks; the truth is in the first answer (api §1.2)."""
EMBEDDED: Final = "embedded"
HOSTED: Final = "hosted"

KEY: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
ADVANCED: Final = section(
    vol.Schema(
        {
            vol.Optional(CONF_URL, default=DEFAULT_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
            vol.Optional(CONF_USER_ID): TextSelector(),
        }
    ),
    {"collapsed": True},
)
# Secret: what fails validation is printed, but not this.
KEY_SCHEMA: Final = vol.Schema({vol.Required(Secret(CONF_API_KEY)): KEY})
ACCOUNT_SCHEMA: Final = vol.Schema(
    {vol.Required(Secret(CONF_API_KEY)): KEY, vol.Optional(SECTION_ADVANCED): ADVANCED},
)
RECONFIGURE_SCHEMA: Final = vol.Schema(
    {vol.Optional(Secret(CONF_API_KEY)): KEY, vol.Optional(SECTION_ADVANCED): ADVANCED},
)
SIMULATED_HOME_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_PROFILE, default=PROFILES[0]): SelectSelector(
            SelectSelectorConfig(options=list(PROFILES), translation_key=CONF_PROFILE)
        )
    }
)


def _sandbox_schema(default: str) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_SANDBOX_HOST, default=default): SelectSelector(
                SelectSelectorConfig(options=[EMBEDDED, HOSTED], translation_key=CONF_SANDBOX_HOST)
            )
        }
    )


def _account(typed: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an account as typed in; a key left empty and a section left out stay what they were."""
    advanced = typed.get(SECTION_ADVANCED, before)
    url = advanced.get(CONF_URL, DEFAULT_URL)
    return {
        CONF_API_KEY: typed.get(CONF_API_KEY, "").strip() or before.get(CONF_API_KEY, ""),
        CONF_URL: service_url(url) or url,
        CONF_USER_ID: (advanced.get(CONF_USER_ID) or "").strip() or None,
    }


def _mistake(account: Mapping[str, Any], meant_for: str | None = None) -> str | None:
    """Return the error for what is seen to be wrong without asking anybody.

    A key that was typed in for a service at another URL has to be typed in again: it is not sent anywhere else unasked.
    """
    url = account[CONF_URL]
    if service_url(url) is None:
        return "invalid_url"
    if is_insecure(url):
        return "insecure_url"
    if meant_for is not None and not is_same_origin(url, meant_for):
        return "key_for_new_url"
    return None if is_header_value(account[CONF_API_KEY]) else "invalid_auth"


class AmpsConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds an account, the sandbox of one, or a simulated home; keeps an account reachable."""

    MINOR_VERSION = 2

    def __init__(self) -> None:
        """Start with nothing typed in."""
        self._account: dict[str, Any] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: AmpsConfigEntry) -> AmpsOptionsFlow:
        """Return the dialog of the options."""
        return AmpsOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether there is a key."""
        return self.async_show_menu(step_id="user", menu_options=["api_key", "simulated_home"])

    async def async_step_simulated_home(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add a home that needs no account; each has a seed, and so devices, of its own."""
        if user_input is None:
            return self.async_show_form(step_id="simulated_home", data_schema=SIMULATED_HOME_SCHEMA)
        seed = token_hex(8)
        await self.async_set_unique_id(seed)
        texts = await async_get_translations(self.hass, self.hass.config.language, "config", [DOMAIN])
        title = self._numbered(texts[f"component.{DOMAIN}.config.step.simulated_home.title"])
        return self.async_create_entry(title=title, data={**user_input, CONF_SEED: seed})

    async def async_step_api_key(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key of an account."""
        if user_input is None:
            return self._show_account_form({})
        self._account = _account(user_input, {})
        if mistake := _mistake(self._account):
            return self._show_account_form({"base": mistake})
        self._abort_if_added(self._account)
        if self._account[CONF_API_KEY].startswith(SANDBOX_PREFIXES):
            return await self.async_step_sandbox()
        return await self._create_account(self._account)

    async def async_step_sandbox(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where the sandbox of a test key is to run."""
        if user_input is None:
            default = EMBEDDED if self._account[CONF_URL] == DEFAULT_URL else HOSTED
            return self.async_show_form(step_id="sandbox", data_schema=_sandbox_schema(default))
        if user_input[CONF_SANDBOX_HOST] == HOSTED:
            return await self._create_account(self._account)
        return await self._create_account({**self._account, CONF_PROFILE: PROFILES[0], CONF_SEED: token_hex(8)})

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for a new key, once the service refuses the old one for good."""
        if CONF_SEED in entry_data:
            return self.async_abort(reason="simulated")
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for nothing but the key: where the account is and whose it is stay as they are."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            account = {**entry.data, CONF_API_KEY: user_input[CONF_API_KEY].strip()}
            if not (errors := await self._errors_of_update(entry, account)):
                return self.async_update_reload_and_abort(entry, data=account)
        return self.async_show_form(step_id="reauth_confirm", data_schema=KEY_SCHEMA, errors=errors)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask again for all that was typed in when the account was added."""
        entry = self._get_reconfigure_entry()
        if CONF_SEED in entry.data:
            return self.async_abort(reason="simulated")
        account, errors = dict(entry.data), dict[str, str]()
        if user_input is not None:
            account = {**entry.data, **_account(user_input, entry.data)}
            meant_for = None if user_input.get(CONF_API_KEY, "").strip() else entry.data[CONF_URL]
            if not (errors := await self._errors_of_update(entry, account, meant_for)):
                return self.async_update_reload_and_abort(entry, data=account)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(RECONFIGURE_SCHEMA, _suggested(account)),
            errors=errors,
        )

    def _show_account_form(self, errors: Mapping[str, str]) -> ConfigFlowResult:
        """Show the form with what was typed in, but for the key."""
        return self.async_show_form(
            step_id="api_key",
            data_schema=self.add_suggested_values_to_schema(ACCOUNT_SCHEMA, _suggested(self._account)),
            errors=dict(errors),
        )

    async def _create_account(self, account: Mapping[str, Any]) -> ConfigFlowResult:
        """Check the key and add the account."""
        self._abort_if_added(account)
        with open_client(self.hass, account) as client:
            try:
                listing = await probe_account(client)
            except AmpsError as err:
                return self._show_account_form({"base": translation_key(err)})
            await self._abort_if_taken(account, client)
        title = "Amps sandbox" if listing.answer.environment == "sandbox" else "Amps"
        return self.async_create_entry(title=self._numbered(title), data=dict(account))

    async def _errors_of_update(
        self, entry: AmpsConfigEntry, account: Mapping[str, Any], meant_for: str | None = None
    ) -> dict[str, str]:
        """Return what can be mended of the new data of an entry; abort when it is those of another account.

        As long as no device is known, any account will do that no other entry has.
        """
        if mistake := _mistake(account, meant_for):
            return {"base": mistake}
        known = known_devices(self.hass, entry)
        with open_client(self.hass, account) as client:
            try:
                listing = await (find_known_device(client, known) if known else probe_account(client))
            except AmpsError as err:
                return {"base": translation_key(err)}
            if listing is None:
                raise AbortFlow(reason="wrong_account")
            await self._abort_if_taken(account, client, entry)
        return {}

    def _abort_if_added(self, account: Mapping[str, Any]) -> None:
        """Abort when another entry has the key for the same user."""
        self._async_abort_entries_match({key: account[key] for key in (CONF_API_KEY, CONF_USER_ID)})

    async def _abort_if_taken(
        self, account: Mapping[str, Any], client: AmpsClient, entry: AmpsConfigEntry | None = None
    ) -> None:
        """Abort when another entry has the account or a device of it, perhaps since the service was asked.

        What a list that cannot be read now would have shown is left to the other entry later on (design §3).
        """
        elsewhere = devices_elsewhere(self.hass, entry)
        if entry is not None:
            elsewhere -= left_to_others(self.hass, entry)
        try:
            shared = await find_known_device(client, elsewhere) if elsewhere else None
        except AmpsError:
            shared = None
        self._abort_if_added(account)
        if shared is not None:
            raise AbortFlow(reason="already_configured")

    def _numbered(self, title: str) -> str:
        """Return a title that no other entry has.

        It says nothing of the end user, whose id may be an e-mail address: titles stand in the log, and are the names
        of the accounts' own devices, and so in states and entity ids.
        """
        taken = {entry.title for entry in self._async_current_entries()}
        numbered = chain((title,), (f"{title} {number}" for number in count(2)))
        return next(each for each in numbered if each not in taken)


def _suggested(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form begins with: what is known of an account, but for the key."""
    return {SECTION_ADVANCED: {key: account[key] for key in (CONF_URL, CONF_USER_ID) if account.get(key)}}
