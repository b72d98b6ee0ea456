"""When to ask Amps, and what to believe of its answers (design §4).

Pure rules, without I/O and without a clock of their own: `merge` puts answers together, `due` says what to ask next,
`access` says when not to ask at all. Instants of the service are datetimes by its own clock; moments are seconds of a
clock that only ever runs forward here, such as the event loop's. The wall clock of the host takes no part.
"""

from .record import DeviceHealth, DeviceRecord, ReceivedReading, is_newer

__all__ = ["DeviceHealth", "DeviceRecord", "ReceivedReading", "is_newer"]
