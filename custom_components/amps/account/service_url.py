"""Where the key of an account may be sent (design §3)."""

from ipaddress import ip_address
from typing import Final

from homeassistant.util.network import is_local
from yarl import URL

_LOCAL_NAMES: Final = (".localhost", ".local", ".home.arpa", ".internal")
"""Names that no public name server may answer for, nor for what ends in them (RFC 6761, 6762, 8375, ICANN 2024).

Any other name may lead out of the house, now or later: one without a dot by a search domain, or because it is an
address written as a number, such as 134744072 for 8.8.8.8.
"""


def service_url(text: str) -> str | None:
    """Return the URL of a service as it is stored, None for what is none."""
    text = text.strip()
    if not text.isprintable() or any(character in text for character in " ?#"):
        return None
    try:
        url = URL(text)
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not url.host or not url.port or url.user or url.password:
        return None
    return str(url).rstrip("/")


def is_header_value(key: str) -> bool:
    """Return whether a key can be sent at all: what cannot stand in a header is no key."""
    return bool(key) and key.isascii() and key.isprintable()


def is_insecure(url: str) -> bool:
    """Return whether a key that is sent to a URL could be read on its way: plain HTTP beyond the own network."""
    parsed = URL(url)
    host = parsed.raw_host or ""
    if parsed.scheme == "https" or f".{host}".removesuffix(".").endswith(_LOCAL_NAMES):
        return False
    try:
        return not is_local(ip_address(host))
    except ValueError:
        return True


def is_same_origin(one: str, other: str) -> bool:
    """Return whether two URLs are of one service: a key that is meant for it must not reach any other."""
    first, second = URL(one), URL(other)
    return (first.scheme, first.raw_host, first.port) == (second.scheme, second.raw_host, second.port)
