"""The dialog that adds an account or a simulated home (design §3)."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final, override

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.data_entry_flow import section
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from probatio import Secret
import voluptuous as vol
from yarl import URL

from .api import AmpsClient, AmpsError, Listing
from .api.models import DEVICE_CLASSES
from .connection import create_client
from .const import CONF_PROFILE, CONF_SANDBOX_HOST, CONF_SEED, CONF_USER_ID, DEFAULT_URL, DOMAIN
from .errors import translation_key
from .simulator import PROFILES

SECTION_ADVANCED: Final = "advanced"
SANDBOX_PREFIXES: Final = ("sk_test_", "amps_sk_test_")
"""Keys that are the sandbox's by their looks; the truth is in the first answer (api §1.2)."""
EMBEDDED: Final = "embedded"
HOSTED: Final = "hosted"

ACCOUNT_SCHEMA: Final = vol.Schema(
    {
        # Secret: what fails validation is printed, but not this.
        vol.Required(Secret(CONF_API_KEY)): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD)),
        vol.Optional(SECTION_ADVANCED): section(
            vol.Schema(
                {
                    vol.Optional(CONF_URL, default=DEFAULT_URL): TextSelector(
                        TextSelectorConfig(type=TextSelectorType.URL)
                    ),
                    vol.Optional(CONF_USER_ID): TextSelector(),
                }
            ),
            {"collapsed": True},
        ),
    }
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


def _service_url(text: str) -> str | None:
    """Return the URL of a service as it is stored, None for what is none."""
    text = text.strip()
    if not text.isprintable() or any(character in text for character in " ?#"):
        return None
    try:
        url = URL(text)
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not url.host or not url.port or url.user or url.password:
        return None
    return str(url).rstrip("/")


def _is_header_value(key: str) -> bool:
    """Return whether a key can be sent at all: what cannot stand in a header is no key."""
    return bool(key) and key.isascii() and key.isprintable()


class AmpsConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds an account, the sandbox of one, or a simulated home."""

    def __init__(self) -> None:
        """Start with nothing typed in."""
        self._account: dict[str, Any] = {}

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
        return self.async_create_entry(title="Simulated home", data={**user_input, CONF_SEED: seed})

    async def async_step_api_key(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the key of an account."""
        if user_input is None:
            return self._show_account_form({})
        advanced = user_input.get(SECTION_ADVANCED, {})
        self._account = {
            CONF_API_KEY: user_input[CONF_API_KEY].strip(),
            CONF_URL: advanced.get(CONF_URL, DEFAULT_URL),
            CONF_USER_ID: advanced.get(CONF_USER_ID, "").strip() or None,
        }
        if (url := _service_url(self._account[CONF_URL])) is None:
            return self._show_account_form({"base": "invalid_url"})
        self._account[CONF_URL] = url
        if not _is_header_value(self._account[CONF_API_KEY]):
            return self._show_account_form({"base": "invalid_auth"})
        self._abort_if_added()
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

    def _show_account_form(self, errors: Mapping[str, str]) -> ConfigFlowResult:
        """Show the form with what was typed in, but for the key."""
        typed = {key: value for key, value in self._account.items() if key != CONF_API_KEY and value is not None}
        return self.async_show_form(
            step_id="api_key",
            data_schema=self.add_suggested_values_to_schema(ACCOUNT_SCHEMA, {SECTION_ADVANCED: typed}),
            errors=dict(errors),
        )

    async def _create_account(self, data: Mapping[str, Any]) -> ConfigFlowResult:
        """Check the key and add the account."""
        self._abort_if_added()
        client = create_client(self.hass, data)
        try:
            listing = await self._first_devices(client)
        except AmpsError as err:
            return self._show_account_form({"base": translation_key(err)})
        if self._is_known(listing):
            return self.async_abort(reason="already_configured")
        title = "Amps sandbox" if listing.answer.environment == "sandbox" else "Amps"
        return self.async_create_entry(title=title, data=dict(data))

    def _abort_if_added(self) -> None:
        """Abort when the key is there already for the same user, perhaps since another dialog was finished."""
        self._async_abort_entries_match({key: self._account[key] for key in (CONF_API_KEY, CONF_USER_ID)})

    async def _first_devices(self, client: AmpsClient) -> Listing:
        """Return a list that has devices, the first one if none has: one cheap call, for all but the rarest account."""
        first = listing = await client.check(DEVICE_CLASSES[0])
        for device_class in DEVICE_CLASSES[1:]:
            if listing.items:
                return listing
            listing = await client.check(device_class)
        return listing if listing.items else first

    def _is_known(self, listing: Listing) -> bool:
        """Return whether another entry has one of these devices: the same account by another key."""
        devices = dr.async_get(self.hass)
        return any(devices.async_get_devices(identifiers={(DOMAIN, device_id)}) for device_id in listing.device_ids)
