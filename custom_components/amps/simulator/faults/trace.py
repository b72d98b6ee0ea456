"""A request while it is answered, for the faults and for the log of requests."""

from dataclasses import dataclass, field
from datetime import datetime

from ..auth import Environment
from ..messages import Request
from .kinds import WELL_KNOWN, FaultEffect


@dataclass(slots=True)
class Trace:
    """A request while it is answered: its instant, its environment, and what the log notes of it.

    `manufacturer_asked` is whether a manufacturer was asked, `faults` are the ids of the faults that applied,
    `transport_faults` their effects on the answer's transport, `well_known` the id in the path if it is one of those
    with a fault of their own.
    """

    request: Request
    now: datetime
    environment: Environment = Environment.SANDBOX
    manufacturer_asked: bool = False
    faults: list[str] = field(default_factory=list)
    transport_faults: list[FaultEffect] = field(default_factory=list)
    well_known: str | None = field(init=False)

    def __post_init__(self) -> None:
        """Find a well-known id in the path."""
        identifier = next(iter(self.request.path.split("/", 3)[2:]), None)
        self.well_known = identifier if identifier in WELL_KNOWN else None
