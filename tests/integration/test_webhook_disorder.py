"""Commands, webhooks and outages in any order: in the end it is as if all had been in order (design §7)."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Final

import pytest

from .commanding import Home
from .conftest import MINUTE, Advance, state_of, turn
from .deliveries import UNAVAILABLE, Endpoint, endpoint

__all__ = ["endpoint"]

pytestmark = pytest.mark.parametrize("environment", ["live"])

ENDED = {"completed", "failed", "cancelled"}
DISORDER: Final[tuple[dict[str, object], ...]] = (
    {},
    {"duplicates": 2},
    {"delaySeconds": 40},
    {"reorder": True, "duplicates": 1},
    {"forged": True},
    {"staleSeconds": 400},
)


def ends_reported(home: Home) -> Counter[tuple[str, str]]:
    """Return how often each end of an action was reported."""
    reported = ((event.data["action_id"], event.data["state"]) for event in home.events.events)
    return Counter((action_id, state) for action_id, state in reported if state in ENDED)


@pytest.mark.parametrize("seed", [1, 2])
async def test_disorder_leaves_nothing_behind(endpoint: Endpoint, pass_time: Advance, seed: int) -> None:
    endpoint.hass.loop.set_debug(False)
    home, chance, path = endpoint.home, Random(seed), endpoint.subscribe()  # noqa: S311  no secret
    share, ours = 0.0, set[str]()
    home.between.answer = lambda _: UNAVAILABLE if chance.random() < share else None
    for _ in range(12):
        home.service.control("POST", path, {"mischief": chance.choice(DISORDER)})
        share = 0.0
        if chance.random() < 0.6:
            answer = await home.call(chance.choice(("charge", "idle")), home.battery)
            ours.add(answer["action"]["id"])
        else:
            home.push(home.battery, chance.choice(("charge", "idle")))
        share = chance.choice((0.0, 0.0, 0.5, 1.0))
        await pass_time(timedelta(seconds=chance.choice((5, 20))))
        await turn()
        if chance.random() < 0.2:
            share = 0.0
            await endpoint.hass.config_entries.async_reload(home.account.entry_id)
        await pass_time(MINUTE)
        await turn()
    share = 0.0
    home.service.control("POST", path, {"mischief": {}})
    await pass_time(timedelta(minutes=20))

    newest = home.actions(home.battery)[0]
    assert newest["state"] in ENDED
    assert state_of(endpoint.hass, home.battery, "last_action") == newest["state"]
    reported = ends_reported(home)
    assert set(reported.values()) == {1}
    assert ours <= {action_id for action_id, _ in reported}
    assert all(home.ask("GET", f"/actions/{action_id}")["state"] == state for action_id, state in reported)
