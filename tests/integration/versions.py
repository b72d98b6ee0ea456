"""What the run on the oldest supported Home Assistant need not repeat."""

from pathlib import Path
from typing import Final

import pytest

_SAME_ON_ALL_VERSIONS: Final = frozenset(
    {
        "test_action_reads",
        "test_action_tracker",
        "test_broken_answers",
        "test_command_conflicts",
        "test_command_queue",
        "test_command_refusals",
        "test_command_times",
        "test_endurance",
        "test_energy_balance",
        "test_follow_ups",
        "test_follow_ups_previous",
        "test_foreign_answers",
        "test_lost_answers",
        "test_lost_windows",
        "test_override",
        "test_plant_clock",
        "test_polling_limits",
        "test_random_failures",
        "test_ready_by",
        "test_request_log",
        "test_requested_polls",
        "test_requested_waits",
        "test_sandbox_errors",
        "test_scheduled_actions",
        "test_scheduled_reads",
        "test_service_errors",
        "test_service_time",
        "test_simulated_faults",
        "test_unreachable_devices",
    }
)
"""Modules about what is asked of Amps, when, and what is made of the answers: rules of the service and of time.

Of Home Assistant they use what all others use, too: accounts, entities, actions, and timers. Whatever one of its
versions does in its own way (dialogs, registries, restoring, the recorder, permissions, platforms) the others test.
"""

_missing = [name for name in _SAME_ON_ALL_VERSIONS if not Path(__file__).with_name(f"{name}.py").exists()]
assert not _missing, f"modules that are not there: {_missing}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that are the same on all versions."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.stem in _SAME_ON_ALL_VERSIONS:
            item.add_marker(pytest.mark.any_version)
