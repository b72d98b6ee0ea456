"""What to believe of the answers of Amps, what to ask it, and what to send (design §4 to §6).

Pure rules, without I/O and without a clock of their own. A datetime of the service's clock ends in `_at`, a value in
seconds of the monotonic clock, such as the event loop's, in `_monotonic`. The host's wall clock takes no part.
"""

from .record import DeviceHealth, DeviceRecord, ReceivedReading, is_newer

__all__ = ["DeviceHealth", "DeviceRecord", "ReceivedReading", "is_newer"]
