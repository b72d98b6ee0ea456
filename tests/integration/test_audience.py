"""Who is told of what: those who look at what changed, whatever becomes of the others."""

from collections.abc import Callable

import pytest

from custom_components.amps.account.listeners import Audience, Look
from custom_components.amps.api import Reading
from custom_components.amps.api.models import Battery
from custom_components.amps.rules import DeviceRecord, ReceivedReading
from custom_components.amps.rules.merge import merge

from .conftest import NOON

ID = "device_1"


def battery(level: float) -> DeviceRecord:
    """Return what is known of a battery of this level."""
    device = Battery.model_validate({"id": ID, "state": {"level": level, "status": "idle"}})
    return merge(
        None,
        ReceivedReading(
            reading=Reading(device=device, raw={}, served_at=NOON), received_monotonic=0, sandbox=True, single=False
        ),
    )


def level(known: DeviceRecord) -> object:
    """Look at the level of a battery."""
    return known.device.state.level


def status(known: DeviceRecord) -> object:
    """Look at the status of a battery."""
    return known.device.state.status


def blind(known: DeviceRecord) -> object:
    """Look at a battery in vain once its level has moved."""
    if known.device.state.level != 50:
        message = "nothing to see"
        raise RuntimeError(message)
    return None


def mutter() -> None:
    """Be told in vain."""
    message = "not listening"
    raise RuntimeError(message)


class Crowd:
    """Listeners of an audience, and who of them was told, the first one first."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.audience = Audience()
        self.told: list[str] = []

    def add(self, name: str, look: Callable[[DeviceRecord], object] | None, device_id: str = ID) -> Callable[[], None]:
        """Let somebody look, and return how to let them go."""
        return self.audience.add(
            lambda: self.told.append(name), None if look is None else Look(device_id, look), battery(50)
        )

    def tell(self, known: DeviceRecord | None, *, everybody: bool = False) -> list[str]:
        """Tell of a battery and return who heard of it."""
        self.told.clear()
        self.audience.tell(ID, known, everybody=everybody)
        return list(self.told)


@pytest.fixture
def crowd() -> Crowd:
    """Return an audience where each sees something of its own."""
    crowd = Crowd()
    crowd.add("account", None)
    crowd.add("level", level)
    crowd.add("status", status)
    crowd.add("other", level, "device_2")
    return crowd


def test_only_those_are_told_who_see_something_else(crowd: Crowd) -> None:
    assert crowd.tell(battery(50)) == []
    assert crowd.tell(battery(51)) == ["level"]
    assert crowd.tell(battery(51)) == []
    assert crowd.tell(battery(50)) == ["level"]


def test_a_look_that_fails_is_logged_and_hides_nothing_from_others(
    crowd: Crowd, caplog: pytest.LogCaptureFixture
) -> None:
    crowd.add("blind", blind)
    crowd.add("late", level)
    assert crowd.tell(battery(51)) == ["level", "late"]
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("ERROR", "custom_components.amps")
    assert record.exc_info is not None
    assert record.exc_info[0] is RuntimeError
    # Who sees nothing is told with everybody all the same.
    assert crowd.tell(battery(52), everybody=True) == ["level", "status", "blind", "late"]


def test_one_who_fails_when_told_costs_no_other(crowd: Crowd, caplog: pytest.LogCaptureFixture) -> None:
    crowd.audience.add(mutter, Look(ID, level), battery(50))
    crowd.add("late", level)
    assert crowd.tell(battery(51)) == ["level", "late"]
    (record,) = caplog.records
    assert record.levelname == "ERROR"


@pytest.mark.parametrize("everybody", [False, True])
def test_who_has_gone_is_not_told_and_the_others_see_what_they_saw(crowd: Crowd, *, everybody: bool) -> None:
    removes = [crowd.add("gone", status), crowd.add("gone", level)]
    crowd.add("late", level)
    for remove in removes:
        remove()
    assert crowd.tell(battery(50)) == []
    expected = ["level", "status", "late"] if everybody else ["level", "late"]
    assert crowd.tell(battery(51), everybody=everybody) == expected
    # Each has its own view yet.
    assert crowd.tell(battery(51)) == []


def test_everybody_who_looks_at_a_device_is_told_whatever_they_see(crowd: Crowd) -> None:
    assert crowd.tell(battery(50), everybody=True) == ["level", "status"]
    # What they see then is what they compare with the next time.
    assert crowd.tell(battery(51), everybody=True) == ["level", "status"]
    assert crowd.tell(battery(51)) == []
    # Nor does it take that anything is known of the device.
    assert crowd.tell(None, everybody=True) == ["level", "status"]
    assert crowd.tell(None) == []


def test_the_account_is_told_apart(crowd: Crowd) -> None:
    gone = crowd.add("gone", None)
    gone()
    crowd.audience.tell_account()
    assert crowd.told == ["account"]


def test_one_who_cannot_even_begin_to_look_costs_no_other(crowd: Crowd) -> None:
    def broken(_: DeviceRecord) -> object:
        message = "nothing to see"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        crowd.add("broken", broken)
    crowd.add("late", level)
    assert crowd.tell(battery(51)) == ["level", "late"]
