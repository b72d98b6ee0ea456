"""What deliveries prove, and how much of them is remembered (design §4, §7)."""

from datetime import UTC, datetime, timedelta

from custom_components.amps.api.models import Action
from custom_components.amps.rules.deliveries import DeliveryHistory

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def ended(action_id: str, state: str = "completed") -> Action:
    """Return an action that has ended."""
    return Action.model_validate({"id": action_id, "state": state})


def delivered(history: DeliveryHistory, action_id: str, at: datetime) -> DeliveryHistory:
    """Return a history after the end of an action was delivered."""
    return history.with_message(f"msg_{action_id}", at).with_outcome(ended(action_id))


def test_a_message_counts_once_and_so_does_a_state_of_an_action() -> None:
    history = DeliveryHistory().with_message("msg_1", NOW).with_outcome(ended("act_1"))
    assert history.with_message("msg_1", NOW + HOUR) is history
    assert history.with_outcome(ended("act_1")) is history
    assert history.with_message("msg_2", NOW) is not history
    assert history.with_outcome(ended("act_1", "failed")) is not history
    assert history.with_outcome(ended("act_2")) is not history


def test_what_is_remembered_is_bounded_and_the_newest() -> None:
    history = DeliveryHistory()
    for number in range(1000):
        history = delivered(history, f"act_{number}", NOW).with_end(f"act_{number}", NOW)
    assert len(history.messages) == len(history.outcomes) == len(history.ends) == 200
    assert history.with_message("msg_act_999", NOW) is history
    assert history.with_outcome(ended("act_800")) is history


def test_nothing_is_proven_before_anything_was_delivered() -> None:
    assert not DeliveryHistory().is_proven(NOW)
    assert not DeliveryHistory().with_message("msg_1", NOW).is_proven(NOW)
    assert not DeliveryHistory().with_end("act_1", NOW).is_proven(NOW)


def test_push_is_proven_while_every_end_of_a_day_was_delivered() -> None:
    history = delivered(DeliveryHistory().with_end("act_1", NOW), "act_1", NOW)
    assert history.is_proven(NOW)
    # One that has just ended is waited for.
    history = history.with_end("act_2", NOW + HOUR)
    assert history.is_proven(NOW + HOUR + 9 * MINUTE)
    assert not history.is_proven(NOW + HOUR + 10 * MINUTE)
    assert delivered(history, "act_2", NOW + 2 * HOUR).is_proven(NOW + 2 * HOUR)
    history = delivered(history.with_end("act_3", NOW + 2 * HOUR), "act_3", NOW + 2 * HOUR)
    assert not history.is_proven(NOW + 24 * HOUR)
    assert history.is_proven(NOW + 26 * HOUR)


def test_the_last_end_counts_after_a_day_without_any() -> None:
    history = DeliveryHistory().with_end("act_1", NOW)
    assert delivered(history, "act_1", NOW).is_proven(NOW + 1000 * HOUR)
    assert not history.is_proven(NOW + 1000 * HOUR)


def test_a_delivery_may_come_before_the_end_is_known() -> None:
    assert delivered(DeliveryHistory(), "act_1", NOW).with_end("act_1", NOW).is_proven(NOW)


def test_a_webhook_is_silent_after_three_ends_without_a_delivery() -> None:
    history = DeliveryHistory().with_end("act_1", NOW).with_end("act_2", NOW + HOUR)
    assert not history.is_silent(NOW + 2 * HOUR)
    history = history.with_end("act_3", NOW + 2 * HOUR)
    assert not history.is_silent(NOW + 2 * HOUR + 9 * MINUTE)
    assert history.next_check_at(NOW + 2 * HOUR) == NOW + 2 * HOUR + 10 * MINUTE
    assert history.is_silent(NOW + 2 * HOUR + 10 * MINUTE)
    # Whatever is delivered next ends it, and it takes three ends more.
    history = history.with_message("msg_1", NOW + 3 * HOUR)
    assert not history.is_silent(NOW + 4 * HOUR)
    history = history.with_end("act_4", NOW + 4 * HOUR).with_end("act_5", NOW + 5 * HOUR)
    assert not history.is_silent(NOW + 6 * HOUR)
    assert history.with_end("act_6", NOW + 6 * HOUR).is_silent(NOW + 7 * HOUR)


def test_one_delivery_among_three_ends_is_no_silence() -> None:
    history = DeliveryHistory().with_end("act_1", NOW)
    history = delivered(history.with_end("act_2", NOW + HOUR), "act_2", NOW + HOUR)
    assert not history.with_end("act_3", NOW + 2 * HOUR).is_silent(NOW + 3 * HOUR)


def test_three_ends_are_remembered_however_old_they_are() -> None:
    history = DeliveryHistory()
    for day in range(10):
        history = history.with_end(f"act_{day}", NOW + day * 48 * HOUR)
    assert len(history.ends) == 3
    assert history.is_silent(NOW + 500 * HOUR)
    assert history.next_check_at(NOW + 500 * HOUR) is None
