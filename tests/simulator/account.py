"""An account with a frozen clock, and what its tests share."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from custom_components.amps.simulator import (
    Request,
    SimulatedClock,
    Simulator,
    create_simulator,
    frozen_clock,
)

START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
SANDBOX, LIVE = "sk_test_persistence", "sk_live_persistence"


@dataclass(frozen=True, slots=True)
class Account:
    """A simulator with a frozen clock."""

    simulator: Simulator
    clock: SimulatedClock

    def ask(self, method: str, path: str, document: object = None, *, key: str = SANDBOX, **query: str) -> bytes:
        """Return the raw answer to a request."""
        headers = {"x-api-key": key, "content-type": "application/json"}
        body = b"" if document is None else json.dumps(document).encode()
        request = Request(method=method, path=path, query=query, headers=headers, body=body)
        return self.simulator.handle(request).body

    def data(self, method: str, path: str, document: object = None, *, key: str = SANDBOX) -> Any:  # noqa: ANN401  JSON, as the caller knows it
        """Return the data of the answer."""
        answer = json.loads(self.ask(method, path, document, key=key))
        assert answer["success"] is True, answer
        return answer["data"]

    def everything(self) -> list[bytes]:
        """Return every answer that a client can get without changing anything but what live has stored."""
        answers = []
        for key in (SANDBOX, LIVE):
            answers += [self.ask("GET", f"/{segment}", key=key, limit="50") for segment in SEGMENTS]
            answers += [self.ask("GET", f"/{path}", key=key) for path in DEVICES]
            answers.append(self.ask("GET", "/actions", key=key, limit="50"))
        return [*answers, *(self.ask("GET", f"/_simulator/{name}") for name in _CONTROL)]


_CONTROL = ("devices", "keys", "timing", "faults", "live", "webhooks", "state")


def new_account(
    start: datetime = START,
    seed: str = "persistence",
    profile: str = "showcase",
    **options: Any,  # noqa: ANN401  JSON, as the caller knows it
) -> Account:
    """Return an account in its initial state."""
    clock = frozen_clock(start)
    return Account(create_simulator(profile, seed=seed, clock=clock, **options), clock)


def _listed(segment: str) -> list[dict[str, Any]]:
    return list(new_account().data("GET", f"/{segment}")["items"])


DEVICES = {f"{segment}/{item['id']}": item for segment in SEGMENTS for item in _listed(segment)}
"""The readings of new devices, by path."""
SETTINGS = {path: new_account().data("GET", f"/{path}").get("settings", {}) for path in DEVICES}
BATTERY = next(path for path in DEVICES if path.startswith("battery/"))


def restored(account: Account) -> Account:
    """Return another account, restored from the saved state of this one as JSON text."""
    other = new_account()
    other.simulator.restore(json.loads(json.dumps(account.simulator.save())))
    return other


def wall_clock(instant: datetime) -> str:
    """Return an instant as the wall clock of a plant in London in June."""
    return (instant + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
