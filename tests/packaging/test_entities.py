"""Every entity, state and state attribute has its text, and every such text an entity."""

from homeassistant.components.select import SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.amps.const import DOMAIN
from tests.integration.conftest import add_simulated_home

from .entities import Entity, Words, entities, entity_texts, of_descriptions, well_known

NONE = Words()


def fits(said: Words, listed: Words, offered: Words) -> bool:
    """Return whether the texts of an entity are those of its words.

    Where the code lists the words, there are these and no others. Where each device has its own, those that a home
    offers are among them.
    """
    if listed == NONE and offered != NONE:
        return offered - said == NONE
    return said == listed and offered - listed == NONE


def test_every_text_belongs_to_an_entity() -> None:
    assert entity_texts().keys() <= entities().keys()


@pytest.mark.parametrize("entity", entities().values(), ids=lambda entity: ".".join(entity.id))
def test_an_entity_has_a_name(entity: Entity) -> None:
    assert ("name" in entity_texts().get(entity.id, {})) == entity.named


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_the_words_of_entities_have_texts(hass: HomeAssistant) -> None:
    """However the code comes to the entities that a home adds: they are known here, and so are their words."""
    await add_simulated_home(hass)
    offered: dict[tuple[str, str | None], Words] = {}
    for entry in er.async_get(hass).entities.values():
        if entry.platform == DOMAIN:
            id_ = (entry.domain, entry.translation_key)
            offered[id_] = offered.get(id_, NONE) | Words.listed((entry.capabilities or {}).get)
    assert offered.keys() <= entities().keys()
    wrong = [
        id_
        for id_, entity in entities().items()
        if not fits(
            Words.said(entity_texts().get(id_, {})) - well_known(entity.platform),
            entity.words - well_known(entity.platform),
            offered.get(id_, NONE) - well_known(entity.platform),
        )
    ]
    assert not wrong


def test_words_are_taken_from_wherever_they_are_listed() -> None:
    lists = {"options": ["idle"], "event_types": ["failed"], "preset_modes": ["none", "schedule"], "min_temp": 7}
    assert Words.listed(lists.get) == Words(  # type: ignore[arg-type]  # any mapping will do
        states=frozenset({"idle"}),
        attributes={"event_type": frozenset({"failed"}), "preset_mode": frozenset({"none", "schedule"})},
    )


def test_home_assistants_own_words_need_no_text() -> None:
    said = Words(states=frozenset({"heat"}), attributes={"preset_mode": frozenset({"none", "schedule"})})
    assert said - well_known("climate") == Words(attributes={"preset_mode": frozenset({"schedule"})})


def test_descriptions_are_found_however_they_are_arranged() -> None:
    mode = SelectEntityDescription(key="mode", options=["idle", "auto"], device_class="enum")
    alone = SelectEntityDescription(key="alone", name=None)
    found = list(of_descriptions("select", [{"battery": (mode,)}, [alone], "mode", None]))
    assert found == [
        Entity(platform="select", key="mode", device_class="enum", words=Words(states=frozenset({"idle", "auto"}))),
        Entity(platform="select", key="alone", named=False),
    ]


IDLE = Words(states=frozenset({"idle"}))
BUSY = Words(states=frozenset({"busy"}))


@pytest.mark.parametrize(
    ("said", "listed", "offered", "right"),
    [
        (NONE, NONE, NONE, True),
        (IDLE, IDLE, IDLE, True),
        (IDLE, IDLE, NONE, True),
        (IDLE | BUSY, NONE, IDLE, True),
        (IDLE, NONE, NONE, False),
        (NONE, IDLE, NONE, False),
        (IDLE | BUSY, IDLE, NONE, False),
        (IDLE, IDLE, BUSY, False),
        (IDLE, NONE, BUSY, False),
    ],
)
def test_a_word_without_a_text_and_a_text_without_a_word_are_found(
    said: Words, listed: Words, offered: Words, *, right: bool
) -> None:
    assert fits(said, listed, offered) is right
