"""What the tests of faults share."""

from .harness import Api, Document

FAULTS = "/_simulator/faults"
UNKNOWN = "not_known_yet"
"""What `unknown_values` puts in the place of enum values."""


def tier(reading: Document) -> tuple[str, bool, str]:
    """Return the source of a reading, whether the device is available, and when it was last pulled."""
    return reading["metadata"]["source"], reading["sync"]["available"], reading["sync"]["lastPulledAt"]


async def faults(api: Api) -> list[Document]:
    """Return the faults in force."""
    items: list[Document] = (await api.get(FAULTS)).data["items"]
    return items


async def end_of(api: Api, action_id: str) -> tuple[str, str | None]:
    """Return the state and the error code of an action a minute later."""
    await api.advance(minutes=1)
    action = await api.action(action_id)
    return action["state"], action["errorCode"]
