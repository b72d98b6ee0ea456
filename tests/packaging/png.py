"""PNG files, as far as their header and their chunks say."""

from dataclasses import dataclass
import struct
from typing import Final
import zlib

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GREY_WITH_ALPHA: Final = 4
_COLOUR_WITH_ALPHA: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Png:
    """What a PNG file says of itself."""

    width: int
    height: int
    colour_type: int
    chunks: tuple[str, ...]

    @property
    def is_transparent(self) -> bool:
        """Whether there can be transparent pixels."""
        return self.colour_type in (_GREY_WITH_ALPHA, _COLOUR_WITH_ALPHA) or "tRNS" in self.chunks


def read_png(data: bytes) -> Png:
    """Read a PNG file; raise ValueError when it is none, or damaged."""
    if not data.startswith(_SIGNATURE):
        message = "this is no PNG"
        raise ValueError(message)
    chunks: list[str] = []
    at, header = len(_SIGNATURE), b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body, (checksum,) = data[at + 8 : at + 8 + length], struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(kind + body) != checksum:
            message = f"the chunk {kind!r} is damaged"
            raise ValueError(message)
        chunks.append(kind.decode("ascii"))
        header = header or body
        at += 12 + length
    if chunks[:1] != ["IHDR"] or chunks[-1] != "IEND":
        message = "it has no beginning or no end"
        raise ValueError(message)
    width, height, _, colour_type = struct.unpack_from(">IIBB", header)
    return Png(width=width, height=height, colour_type=colour_type, chunks=tuple(chunks))
