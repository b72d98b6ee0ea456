"""What Home Assistant's log may hold after all that the browser tests did."""

import re

_ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:|develop: |setup: )", re.MULTILINE)
_TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL|Traceback)\b")
_SOCKET_WRITER = (
    r"ERROR \(MainThread\) \[homeassistant\] Error doing job: "
    r"(Task exception was never retrieved|ClientConnectionResetError exception in shielded future) \(task: None\)\n"
    r"Traceback \(most recent call last\):\n"
    r"  File \".*/aiohttp/_websocket/writer\.py\", line \d+, in _send_compressed_frame_async_locked\n( .*\n)*"
    r"aiohttp\.client_exceptions\.ClientConnectionResetError: Cannot write to closing transport\n"
)
_ALLOWED = (
    # Home Assistant says this about every integration that is not its own.
    r"WARNING .* \[homeassistant\.loader\] We found a custom integration amps which has not been tested.*\n",
    # It says this about every action that it refuses, and the tests of the cards have it refuse some.
    r"ERROR .* \[homeassistant\.components\.websocket_api\..*\] .* Error during service call to amps\.charge: .*\n",
    # A card may ask in the moment in which an account is unloaded.
    r"ERROR .* Error during service call to amps\.get_device: .* its account is not loaded.*\n",
    # A page goes while a long message to it is compressed. aiohttp sends it in a task of its own, of which nobody takes
    # the exception when the connection is lost in the same turn of the loop; a turn later asyncio logs it, shielded.
    _SOCKET_WRITER,
)
_IS_ALLOWED = re.compile(rf"\S+ \S+ ({'|'.join(_ALLOWED)})")


def unexpected_entries(log: str) -> list[str]:
    """Return the warnings and errors of a log that may be the integration's, each with all that belongs to it."""
    return [entry for entry in _ENTRY.split(log) if _TROUBLE.search(entry) and not _IS_ALLOWED.fullmatch(entry)]
