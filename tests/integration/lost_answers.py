"""Answers that are lost, and a home that waits for what becomes of them."""

import pytest

from .commanding import Home
from .conftest import MINUTE, Advance
from .service import Service

PUSHES = {"method": "POST", "path": "/*/device_*"}
HISTORY = {"path": "/actions"}


def fault(service: Service, kind: str, **options: object) -> None:
    """Let something go wrong, once unless said otherwise."""
    service.control("POST", "faults", {"kind": kind, "match": PUSHES, "count": 1, **options})


@pytest.fixture
async def settled_home(home: Home, pass_time: Advance) -> Home:
    """Return a home, in either environment, that has nothing left to do; what it asked is forgotten."""
    home.hass.loop.set_debug(False)
    await pass_time(MINUTE)
    home.service.control("DELETE", "requests")
    home.forget()
    return home
