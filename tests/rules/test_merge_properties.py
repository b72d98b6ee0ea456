"""Whatever becomes of answers on their way, what is known in the end is what they say (design §4)."""

from itertools import pairwise
from random import Random

from hypothesis import given, settings, strategies as st

from custom_components.amps.api.json import JsonObject
from custom_components.amps.api.models import Action
from custom_components.amps.rules import DeviceHealth, DeviceRecord
from custom_components.amps.rules.merge import apply_action, merge
from custom_components.amps.rules.record import or_oldest

from .strategies import HISTORIES, SKEWED_HISTORIES, ApiResponse, Event, Service, at, received, serve


def _deliver(answers: list[ApiResponse], monotonic_times: list[float]) -> list[DeviceRecord]:
    """Return what was known after each answer, beginning with the first reading."""
    record, history = None, []
    for answer, monotonic in zip(answers, monotonic_times, strict=True):
        record = answer(record, monotonic)
        if record is not None:
            history.append(record)
    return history


def _in_order(service: Service) -> DeviceRecord:
    return _deliver(service.answers, [float(place) for place in range(len(service.answers))])[-1]


def _shown(record: DeviceRecord) -> object:
    """Return all that anybody is shown, but for where the state was read: one pull may come by several ways."""
    return (
        record.device.state,
        record.state_at,
        record.pulled_at,
        record.health,
        record.error_code,
        record.device.commands,
        record.device.conflict_strategies,
        record.settings,
        record.actions,
    )


def _changes(verdicts: list[object]) -> int:
    return sum(before != after for before, after in pairwise(verdicts))


@st.composite
def _disorder(
    draw: st.DrawFn, histories: st.SearchStrategy[list[Event]]
) -> tuple[Service, list[ApiResponse], list[float]]:
    """Return a service, and its answers in any order, some twice, at whatever moments they come."""
    service = serve(draw(histories))
    first, *others = service.answers
    repeated = draw(st.lists(st.sampled_from(others), max_size=4))
    answers = [first, *draw(st.permutations(others + repeated))]
    waits = draw(st.lists(st.floats(0, 10_000), min_size=len(answers), max_size=len(answers)))
    monotonic_times = [sum(waits[: place + 1]) for place in range(len(answers))]
    return service, answers, monotonic_times


@settings(max_examples=60)
@given(HISTORIES)
def test_in_order_what_is_known_is_what_is_true(history: list[Event]) -> None:
    service = serve(history)
    record = _in_order(service)
    assert (record.device.state.level, record.pulled_at) == (service.level, at(service.pulled_at))
    assert (record.health, record.error_code) == service.verdicts[-1]
    assert list(record.device.commands) == [f"version_{service.version}"]
    assert [(each.id, each.state) for each in record.actions.values()] == [
        (each["id"], each["state"]) for each in reversed(service.actions)
    ]
    settings = record.settings
    assert (None if settings is None else {name: each.value for name, each in settings.items()}) == service.shown
    assert all(each.max == 100 + service.version for each in (settings or {}).values())


@settings(max_examples=60)
@given(_disorder(HISTORIES))
def test_the_order_of_arrival_does_not_matter(delivery: tuple[Service, list[ApiResponse], list[float]]) -> None:
    service, answers, monotonic_times = delivery
    assert _shown(_deliver(answers, monotonic_times)[-1]) == _shown(_in_order(service))


@settings(max_examples=60)
@given(_disorder(SKEWED_HISTORIES))
def test_clocks_askew_make_the_order_of_arrival_matter_no_more(
    delivery: tuple[Service, list[ApiResponse], list[float]],
) -> None:
    service, answers, monotonic_times = delivery
    record = _deliver(answers, monotonic_times)[-1]
    assert _shown(record) == _shown(_in_order(service))
    assert (record.health, record.error_code) == service.verdicts[-1]


@settings(max_examples=60)
@given(_disorder(HISTORIES), st.data())
def test_an_outage_loses_no_end_of_an_action(
    delivery: tuple[Service, list[ApiResponse], list[float]], data: st.DataObject
) -> None:
    """Whatever polls and webhooks are lost, what is read of each action afterwards makes up for it."""
    service, (first, *others), _ = delivery
    kept = data.draw(st.lists(st.sampled_from(others), max_size=len(others)))
    reads = [_read_of(action) for action in service.actions]
    answers = [first, *kept, *data.draw(st.permutations(reads))]
    record = _deliver(answers, [float(place) for place in range(len(answers))])[-1]
    assert [(each.id, each.state, each.created_at) for each in record.actions.values()] == [
        (each.id, each.state, each.created_at) for each in _in_order(service).actions.values()
    ]


def _read_of(raw: JsonObject) -> ApiResponse:
    action = Action.model_validate(raw)
    return lambda record, _: None if record is None else apply_action(record, action)


@settings(max_examples=60)
@given(_disorder(HISTORIES) | _disorder(SKEWED_HISTORIES))
def test_the_verdict_never_flaps(delivery: tuple[Service, list[ApiResponse], list[float]]) -> None:
    service, answers, monotonic_times = delivery
    given = [(record.health, record.error_code) for record in _deliver(answers, monotonic_times)]
    assert _changes([*given]) <= _changes([*service.verdicts])


@settings(max_examples=60)
@given(_disorder(HISTORIES) | _disorder(SKEWED_HISTORIES))
def test_a_newer_state_is_never_replaced_by_an_older_one(
    delivery: tuple[Service, list[ApiResponse], list[float]],
) -> None:
    _, answers, monotonic_times = delivery
    for before, after in pairwise(_deliver(answers, monotonic_times)):
        assert or_oldest(after.state_at) >= or_oldest(before.state_at)
        assert (
            (after.reading is before.reading)
            or (after.device.state == before.device.state)
            or (or_oldest(after.state_at) > or_oldest(before.state_at))
        )


@settings(max_examples=60)
@given(_disorder(HISTORIES) | _disorder(SKEWED_HISTORIES))
def test_what_was_heard_before_says_nothing_new(delivery: tuple[Service, list[ApiResponse], list[float]]) -> None:
    _, answers, monotonic_times = delivery
    record = _deliver(answers, monotonic_times)[-1]
    for answer in answers:
        assert answer(record, monotonic_times[-1] + 1) is record


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["projection", "fallback"]), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_in_the_sandbox_the_newest_answer_is_the_truth(sources: list[str], random: Random) -> None:
    answers = [
        received(place, place - 0.5, sandbox=True, level=place, source=source) for place, source in enumerate(sources)
    ]
    random.shuffle(answers)
    record = None
    for answer in answers:
        record = merge(record, answer)
    assert record is not None
    assert record.device.state.level == len(sources) - 1
    assert (record.health is DeviceHealth.OK) == (sources[-1] == "projection")
