"""The automation that a person builds in the editor, as the editor saves it.

A browser test compares this with what was saved; the clock of its Home Assistant cannot be moved, so that
`tests/integration/test_automation_at_night.py` runs it at its time.
"""

from typing import Any

AUTOMATION = "Charge at night"


def charge_at_night(device_id: str) -> dict[str, Any]:
    """Return "at 23:30 charge to 90 % until 05:30" for a battery."""
    return {
        "alias": AUTOMATION,
        "description": "",
        "triggers": [{"trigger": "time", "at": "23:30:00"}],
        "conditions": [],
        "actions": [
            {
                "action": "amps.charge",
                "metadata": {},
                "target": {"device_id": device_id},
                "data": {"target_level": 90, "end": {"active_choice": "time_of_day", "time_of_day": "05:30:00"}},
            }
        ],
        "mode": "single",
    }
