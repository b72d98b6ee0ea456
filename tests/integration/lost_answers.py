"""Answers that are lost, and a home that waits for what becomes of them."""

import asyncio
from collections.abc import Awaitable

import pytest

from .commanding import Home
from .conftest import MINUTE, SECOND, Advance, turn
from .service import Service

PUSHES = {"method": "POST", "path": "/*/device_*"}
HISTORY = {"path": "/actions"}


def fault(service: Service, kind: str, **options: object) -> None:
    """Let something go wrong, once unless said otherwise."""
    service.control("POST", "faults", {"kind": kind, "match": PUSHES, "count": 1, **options})


async def outcome[ResultT](call: Awaitable[ResultT], pass_time: Advance) -> ResultT:
    """Return what comes of a call, however long that takes; what is answered arrives in no time."""
    task = asyncio.ensure_future(call)
    for _ in range(60):
        await turn()
        if task.done():
            break
        await pass_time(SECOND)
    return await task


@pytest.fixture
async def settled_home(home: Home, pass_time: Advance) -> Home:
    """Return a home, in either environment, that has nothing left to do; what it asked is forgotten."""
    home.hass.loop.set_debug(False)
    await pass_time(MINUTE)
    home.service.control("DELETE", "requests")
    home.forget()
    return home
