"""The cards are served, and registered with Home Assistant's dashboards exactly once (design §9)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
import logging
from pathlib import Path
import re
from typing import Any

from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.config_entries import ConfigEntry, ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.amps import cards
from custom_components.amps.const import DOMAIN
from tests.packaging.files import texts

from .conftest import add_simulated_home

FOREIGN = {"id": "foreign", "type": "module", "url": "/hacsfiles/amps/cards/amps-cards.js"}
"""A resource of somebody else, however much it looks like ours."""
LATEST = "/amps/cards/latest/amps-cards.js"
CARDS = "export const name = 'Größe';\n"
GERMAN = "export default {};\n"

type Resource = dict[str, Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the cards, with two modules and something else."""
    folder = tmp_path / "frontend"
    folder.mkdir()
    (folder / "amps-cards.js").write_text(CARDS, encoding="utf-8")
    (folder / "de.js").write_text(GERMAN, encoding="utf-8")
    (folder / "LICENSES.txt").write_text("Lit", encoding="utf-8")
    (tmp_path / "secrets.js").write_text("secret", encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", folder)
    return folder


@pytest.fixture
async def dashboards(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """Set up dashboards, with a resource of somebody else."""
    store_resources(hass_storage, FOREIGN)
    assert await async_setup_component(hass, "lovelace", {})


def store_resources(hass_storage: dict[str, Any], *resources: Resource) -> None:
    """Let dashboards have these resources when they are set up."""
    key = "lovelace_resources"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"items": list(resources)}}


async def resources_of(hass: HomeAssistant) -> list[Resource]:
    """Return all resources but that of somebody else, which has to be there."""
    collection = hass.data[LOVELACE_DATA].resources
    await collection.async_get_info()
    found = list(collection.async_items())
    assert FOREIGN in found
    return [resource for resource in found if resource != FOREIGN]


async def resource_of(hass: HomeAssistant) -> Resource:
    """Return the only resource of the cards."""
    (resource,) = await resources_of(hass)
    assert resource["type"] == "module"
    assert re.fullmatch(r"/amps/cards/[0-9a-f]{16}/amps-cards\.js", resource["url"])
    return resource


@asynccontextmanager
async def next_start(hass: HomeAssistant, entry: ConfigEntry, **changed: Any) -> AsyncGenerator[HomeAssistant]:  # noqa: ANN401  whatever an entry has
    """Start Home Assistant once more, with what the last one has stored and the same entry."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    async with async_test_home_assistant(config_dir=hass.config.config_dir) as started:
        started.data.pop(DATA_CUSTOM_COMPONENTS)
        assert await async_setup_component(started, "lovelace", {})
        again = MockConfigEntry(
            domain=DOMAIN,
            entry_id=entry.entry_id,
            unique_id=entry.unique_id,
            data=entry.data,
            minor_version=entry.minor_version,
            **changed,
        )
        again.add_to_hass(started)
        if again.disabled_by is None:
            await started.config_entries.async_setup(again.entry_id)
            await started.async_block_till_done()
        yield started
        await started.async_stop(force=True)


@pytest.fixture
def slow_creation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the creation of a resource take its time, so that something else can come first."""
    create = ResourceStorageCollection.async_create_item

    async def create_slowly(collection: ResourceStorageCollection, data: Resource) -> Resource:
        await asyncio.sleep(0)
        return await create(collection, data)

    monkeypatch.setattr(ResourceStorageCollection, "async_create_item", create_slowly)


@pytest.mark.usefixtures("dashboards", "slow_creation")
async def test_accounts_share_one_resource_that_the_last_one_takes_with_it(hass: HomeAssistant) -> None:
    one, other = (
        MockConfigEntry(domain=DOMAIN, minor_version=2, data={"profile": "home", "seed": seed}) for seed in ("1", "2")
    )
    for entry in (one, other):
        entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})  # both at the same time, as when Home Assistant starts
    await hass.async_block_till_done()
    resource = await resource_of(hass)
    await hass.config_entries.async_reload(one.entry_id)
    assert await resource_of(hass) == resource
    await hass.config_entries.async_remove(one.entry_id)
    assert await resource_of(hass) == resource
    await hass.config_entries.async_remove(other.entry_id)
    assert not await resources_of(hass)
    await add_simulated_home(hass, "home")
    assert (await resource_of(hass))["url"] == resource["url"]


@pytest.mark.usefixtures("dashboards")
async def test_a_restart_changes_nothing_and_an_update_the_address_alone(hass: HomeAssistant, folder: Path) -> None:
    entry = await add_simulated_home(hass, "home")
    resource = await resource_of(hass)
    async with next_start(hass, entry) as restarted:
        assert await resource_of(restarted) == resource
    (folder / "de.js").write_text("export default {battery: 'Batterie'};\n", encoding="utf-8")
    async with next_start(hass, entry) as updated:
        changed = await resource_of(updated)
        assert changed["id"] == resource["id"]
        assert changed["url"] != resource["url"]
    (folder / "de.js").rename(folder / "fr.js")
    async with next_start(hass, entry) as updated:
        assert (await resource_of(updated))["url"] not in {changed["url"], resource["url"]}


@pytest.mark.usefixtures("dashboards")
async def test_a_disabled_account_that_is_removed_takes_the_resource_with_it(hass: HomeAssistant) -> None:
    entry = await add_simulated_home(hass, "home")
    async with next_start(hass, entry, disabled_by=ConfigEntryDisabler.USER) as restarted:
        assert DOMAIN not in restarted.config.components
        assert await resource_of(restarted) == await resource_of(hass)
        await restarted.config_entries.async_remove(entry.entry_id)
        assert not await resources_of(restarted)


@pytest.mark.usefixtures("dashboards")
async def test_a_disabled_account_has_no_resource_until_it_is_enabled(hass: HomeAssistant) -> None:
    account = await add_simulated_home(hass, "home")
    first = await resource_of(hass)
    await hass.config_entries.async_set_disabled_by(account.entry_id, ConfigEntryDisabler.USER)
    assert await resources_of(hass) == []
    await hass.config_entries.async_set_disabled_by(account.entry_id, None)
    assert (await resource_of(hass))["url"] == first["url"]


async def test_what_people_added_by_hand_becomes_the_one_resource(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    by_hand = [
        {"id": "first", "type": "js", "url": "/amps/cards/0123456789abcdef/amps-cards.js?hacstag=1"},
        {"id": "second", "type": "module", "url": LATEST},
    ]
    store_resources(hass_storage, by_hand[0], FOREIGN, by_hand[1])
    assert await async_setup_component(hass, "lovelace", {})
    await add_simulated_home(hass, "home")
    assert (await resource_of(hass))["id"] == "first"


@pytest.mark.usefixtures("dashboards")
async def test_a_resource_that_was_changed_or_deleted_comes_back(hass: HomeAssistant) -> None:
    entry = await add_simulated_home(hass, "home")
    resource = await resource_of(hass)
    collection: Any = hass.data[LOVELACE_DATA].resources
    await collection.async_update_item(resource["id"], {"res_type": "css"})
    await hass.config_entries.async_reload(entry.entry_id)
    assert await resource_of(hass) == resource
    await collection.async_delete_item(resource["id"])
    await hass.config_entries.async_reload(entry.entry_id)
    assert (await resource_of(hass))["url"] == resource["url"]


@pytest.mark.usefixtures("dashboards", "socket_enabled")
async def test_the_cards_are_there_while_amps_is_not(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator, unused_tcp_port: int
) -> None:
    entry = MockConfigEntry(domain=DOMAIN, data={"url": f"http://127.0.0.1:{unused_tcp_port}", "api_key": "sk_live"})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    client = await hass_client_no_auth()
    assert (await client.get((await resource_of(hass))["url"])).status == HTTPStatus.OK


@pytest.mark.usefixtures("dashboards")
async def test_modules_are_served_for_good_under_their_hash(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator, folder: Path
) -> None:
    await add_simulated_home(hass, "home")
    address = (await resource_of(hass))["url"]
    client = await hass_client_no_auth()
    # What an update writes meanwhile is served by the next start.
    (folder / "amps-cards.js").write_text("changed", encoding="utf-8")
    for name, content in (("amps-cards.js", CARDS), ("de.js", GERMAN)):
        answer = await client.get(address.replace("amps-cards.js", name))
        assert answer.status == HTTPStatus.OK
        assert await answer.text() == content
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] in {"gzip", "deflate"}
    plain = await client.get(address, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert await plain.text() == CARDS


@pytest.mark.usefixtures("dashboards")
async def test_the_address_that_stays_the_same_leads_to_the_one_with_the_hash(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await add_simulated_home(hass, "home")
    client = await hass_client_no_auth()
    answer = await client.get(LATEST, allow_redirects=False)
    assert answer.status == HTTPStatus.FOUND
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"] == (await resource_of(hass))["url"]


@pytest.mark.usefixtures("dashboards")
async def test_nothing_else_is_served(hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator) -> None:
    await add_simulated_home(hass, "home")
    client = await hass_client_no_auth()
    base = (await resource_of(hass))["url"].removesuffix("/amps-cards.js")
    names = ["", "LICENSES.txt", "fr.js", "../secrets.js", "..%2Fsecrets.js", "%2e%2e/secrets.js", "..%5Csecrets.js"]
    for address in (
        *(f"{base}/{name}" for name in names),
        "/amps/cards/",
        "/amps/cards/latest/fr.js",
        "/amps/cards/0123456789abcdef/amps-cards.js",
    ):
        # Home Assistant refuses by itself what tries to leave a folder.
        assert (await client.get(address)).status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}, address


def shown_by_the_repair() -> Resource:
    """Return the resource that the repair tells people to add to their configuration."""
    found = re.search(r"```yaml\n(.+?)```", texts()["issues"]["cards_not_loaded"]["description"], re.DOTALL)
    assert found
    configuration: Any = parse_yaml(found[1])
    (resource,) = configuration["lovelace"]["resources"]
    return dict(resource)


def is_reported(hass: HomeAssistant) -> bool:
    """Return whether the repair is shown."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "cards_not_loaded")
    return issue is not None and issue.active


async def test_where_resources_are_yaml_a_repair_shows_what_to_add_until_it_is_there(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    config: dict[str, Any] = {"resource_mode": "yaml", "resources": [{"type": "module", "url": FOREIGN["url"]}]}
    assert await async_setup_component(hass, "lovelace", {"lovelace": config})
    entry = await add_simulated_home(hass, "home")
    assert is_reported(hass)
    client = await hass_client_no_auth()
    resource = shown_by_the_repair()
    answer = await client.get(resource["url"])
    assert (answer.status, await answer.text()) == (HTTPStatus.OK, CARDS)

    async with async_test_home_assistant(config_dir=hass.config.config_dir) as restarted:
        restarted.data.pop(DATA_CUSTOM_COMPONENTS)
        config["resources"].append(resource)
        assert await async_setup_component(restarted, "lovelace", {"lovelace": config})
        await add_simulated_home(restarted, "home")
        assert not is_reported(restarted)
        await restarted.async_stop(force=True)

    await hass.config_entries.async_remove(entry.entry_id)
    assert not is_reported(hass)


async def test_without_dashboards_nothing_is_set_up_or_said(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_simulated_home(hass, "home")
    await hass.config_entries.async_remove(entry.entry_id)
    assert "lovelace" not in hass.config.components
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]


@pytest.mark.usefixtures("dashboards")
async def test_an_account_works_without_cards(
    hass: HomeAssistant, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "FOLDER", folder / "missing")
    entry = await add_simulated_home(hass, "home")
    assert entry.state is ConfigEntryState.LOADED
    assert "Dashboards cannot load the cards of Amps" in caplog.text
    assert not await resources_of(hass)
