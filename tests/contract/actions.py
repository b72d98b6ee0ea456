"""What the tests of actions share."""

from datetime import timedelta

from .harness import START, Api, Document, iso, wall_clock


def at(**span: float) -> str:
    """Return the instant so long after the start, as the API writes it."""
    return iso(START + timedelta(**span))


async def times_of(api: Api, action_id: str) -> tuple[str, str, str | None, str | None]:
    """Return the state of an action, with when it was updated, acknowledged and completed."""
    action = await api.action(action_id)
    return action["state"], action["updatedAt"], action["acknowledgedAt"], action["completedAt"]


async def push_window(api: Api, device: Document, command: str, **members: object) -> str:
    """Push a command for a window from one to two hours after the start, and return the id of the action."""
    times = {"start": wall_clock(START + timedelta(hours=1)), "end": wall_clock(START + timedelta(hours=2))}
    action_id: str = (await api.push(device, command, **members, **times)).data["id"]
    return action_id
