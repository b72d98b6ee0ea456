"""Which entries of the log the test of scripts/develop takes for trouble."""

import pytest

from tests.browser.log import unexpected_entries

STARTED = """\
setup: ready: Python 3.14.7, Home Assistant 2026.11.0
2026-11-30 18:30:11.391+00:00 WARNING (SyncWorker_0) [homeassistant.loader] We found a custom integration amps which \
has not been tested by Home Assistant. This component might cause stability problems
develop: ready after 5 s: open http://127.0.0.1:8123 (Ctrl-C ends it)
2026-11-30 18:32:09.115+00:00 INFO (MainThread) [custom_components.amps] Tesla Model 3 cannot be read: fallback
"""
REFUSED = """\
2026-11-30 18:31:20.924+00:00 ERROR (MainThread) [homeassistant.components.websocket_api.http.connection] [1] Error \
during service call to amps.charge: FoxESS H1-5.0-E has another action to carry out first
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "/site-packages/aiohttp/_websocket/writer.py", line 247, in _send_compressed_frame_async_locked
    self._write_websocket_frame(
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~^
  File "/site-packages/aiohttp/_websocket/writer.py", line 158, in _write_websocket_frame
    raise ClientConnectionResetError("Cannot write to closing transport")
aiohttp.client_exceptions.ClientConnectionResetError: Cannot write to closing transport
"""
LOST = "2026-11-30 18:18:59.377+00:00 ERROR (MainThread) [homeassistant] Error doing job: {what} (task: None)\n"
NEVER_RETRIEVED = LOST.format(what="Task exception was never retrieved") + TRACEBACK
SHIELDED = LOST.format(what="ClientConnectionResetError exception in shielded future") + TRACEBACK


@pytest.mark.parametrize("entry", [REFUSED, NEVER_RETRIEVED, SHIELDED], ids=["refused", "never_retrieved", "shielded"])
def test_what_is_none_of_the_integrations_is_allowed(entry: str) -> None:
    assert unexpected_entries(STARTED + entry + STARTED) == []


@pytest.mark.parametrize(
    "entry",
    [
        NEVER_RETRIEVED.replace("aiohttp/_websocket/writer.py", "custom_components/amps/coordinator.py"),
        NEVER_RETRIEVED.replace("_send_compressed_frame_async_locked", "_run"),
        NEVER_RETRIEVED.replace("aiohttp.client_exceptions.ClientConnectionResetError: Cannot", "KeyError: Cannot"),
        REFUSED + TRACEBACK,
        REFUSED.replace("amps.charge", "amps.idle"),
        REFUSED.replace("Error during service call", "Unexpected exception"),
        "2026-11-30 18:31:20.924+00:00 WARNING (MainThread) [custom_components.amps] The account is slow\n",
    ],
    ids=["other_file", "other_function", "other_exception", "with_traceback", "other_action", "other_error", "warning"],
)
def test_everything_else_is_unexpected_and_shown_whole(entry: str) -> None:
    assert unexpected_entries(STARTED + entry + STARTED) == [entry]
