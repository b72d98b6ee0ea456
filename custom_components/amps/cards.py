"""The cards: serves their modules, and has Home Assistant's dashboards load them (design §9).

A dashboard loads what is registered as its resource, once a page. Modules that are loaded by each page instead
(`frontend.add_extra_js_url`) race Home Assistant's own, which replaces the registry of elements.
"""

import asyncio
from collections.abc import Mapping
import hashlib
from itertools import chain
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.hdrs import ACCEPT_ENCODING, CACHE_CONTROL, VARY
from homeassistant.components.http import HomeAssistantView
from homeassistant.components.lovelace.const import CONF_RESOURCE_TYPE_WS, LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection, ResourceYAMLCollection
from homeassistant.const import CONF_ID, CONF_TYPE, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER

FOLDER = Path(__file__).parent / "frontend"
MODULE: Final = "amps-cards.js"

_BASE_URL: Final = f"/{DOMAIN}/cards"
_LATEST: Final = "latest"
"""What stands in place of the hash in an address that stays the same, for resources that people write in YAML."""
_LATEST_RESOURCE: Final = {CONF_URL: f"{_BASE_URL}/{_LATEST}/{MODULE}", CONF_TYPE: "module"}
_ISSUE: Final = "cards_not_loaded"
_COMPRESSED_IN_EXECUTOR: Final = 16 * 1024
"""Bytes from which compressing is left to a thread."""


class _CardsView(HomeAssistantView):
    """Serves the modules under their hash, as they were when Home Assistant started.

    Browsers keep them for good, and they belong to the Python that is running. So what an update writes over the files
    meanwhile must not be served, which a static path would do.
    """

    url = f"{_BASE_URL}/{{version}}/{{name}}"
    name = f"{DOMAIN}:cards"
    requires_auth = False  # browsers request modules without a token; there is nothing private in them

    def __init__(self, files: Mapping[str, bytes], version: str) -> None:
        """Serve these files."""
        self._files = files
        self._version = version

    def address(self, name: str = MODULE) -> str:
        """Return where a module is served."""
        return f"{_BASE_URL}/{self._version}/{name}"

    async def get(self, request: web.Request, version: str, name: str) -> web.Response:
        """Return a module. What it imports in turn is found beside it, also after the redirection."""
        if (content := self._files.get(name)) is None or version not in {self._version, _LATEST}:
            raise web.HTTPNotFound
        if version == _LATEST:
            raise web.HTTPFound(self.address(name), headers={CACHE_CONTROL: "no-store"})
        response = web.Response(
            body=content,
            content_type="text/javascript",
            charset="utf-8",
            headers={CACHE_CONTROL: "public, max-age=31536000, immutable", VARY: ACCEPT_ENCODING},
            zlib_executor_size=_COMPRESSED_IN_EXECUTOR,
        )
        response.enable_compression()
        return response


_VIEW: Final[HassKey[_CardsView]] = HassKey(f"{DOMAIN}_cards")
_LOCK: Final[HassKey[asyncio.Lock]] = HassKey(f"{DOMAIN}_cards_lock")


async def async_update_cards(hass: HomeAssistant) -> None:
    """Have dashboards load the cards while there is an account, and not any more once there is none.

    A resource that a person has deleted comes back with the next start: the cards on dashboards need it, and nothing
    else would say what is missing there.
    """
    if (lovelace := hass.data.get(LOVELACE_DATA)) is None:
        return  # there are no dashboards here
    async with hass.data.setdefault(_LOCK, asyncio.Lock()):
        try:
            address = await _async_serve(hass) if _has_account(hass) else None
            if isinstance(lovelace.resources, ResourceStorageCollection):
                await _async_register(lovelace.resources, address)
            else:
                _report(hass, lovelace.resources, is_wanted=address is not None)
        except Exception:  # noqa: BLE001  nor are they a reason for an account not to be set up
            # The collections are none of the public interfaces of Home Assistant, and an account works without cards.
            LOGGER.exception("Dashboards cannot load the cards of Amps")


def _has_account(hass: HomeAssistant) -> bool:
    """Return whether there is an account that is set up or may be: after a restart nobody serves those of others."""
    return bool(hass.config_entries.async_entries(DOMAIN, include_disabled=False))


async def _async_serve(hass: HomeAssistant) -> str:
    """Serve the cards, from the first account on; return their address."""
    if (view := hass.data.get(_VIEW)) is None:
        view = hass.data[_VIEW] = _CardsView(*await hass.async_add_executor_job(_read))
        hass.http.register_view(view)
    return view.address()


def _read() -> tuple[dict[str, bytes], str]:
    """Read all modules; return them by name, with a hash of all of them together, since one imports another."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix == ".js"}
    parts = chain.from_iterable((name.encode(), content) for name, content in files.items())
    return files, hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


async def _async_register(resources: ResourceStorageCollection, address: str | None) -> None:
    """Leave exactly one resource that is ours, the oldest, with this address; none if it is None."""
    await resources.async_get_info()  # reads them: before, there seem to be none
    surplus = [item for item in resources.async_items() if str(item[CONF_URL]).startswith(f"{_BASE_URL}/")]
    if address is not None:
        wanted = {CONF_RESOURCE_TYPE_WS: "module", CONF_URL: address}
        if not surplus:
            await resources.async_create_item(wanted)
        else:
            kept, *surplus = surplus
            if (kept[CONF_TYPE], kept[CONF_URL]) != ("module", address):
                await resources.async_update_item(kept[CONF_ID], wanted)
    for item in surplus:
        await resources.async_delete_item(item[CONF_ID])


@callback
def _report(hass: HomeAssistant, resources: ResourceYAMLCollection, *, is_wanted: bool) -> None:
    """Report what has to be written in YAML, as long as it is not there."""
    if not is_wanted or any(item.items() >= _LATEST_RESOURCE.items() for item in resources.async_items()):
        ir.async_delete_issue(hass, DOMAIN, _ISSUE)
        return
    ir.async_create_issue(
        hass, DOMAIN, _ISSUE, is_fixable=False, severity=ir.IssueSeverity.WARNING, translation_key=_ISSUE
    )
