"""Identifiers that are derived from a seed.

They are opaque (api §0.2), and the same for the same seed, so that two reads at one instant have the same bytes
(api §15.2 #51).
"""

from hashlib import blake2b

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BITS = 5
_SEED_LENGTH = 8
_INDEX_LENGTH = 4
_INDEX_RANGE = 1 << (_BITS * _INDEX_LENGTH)
_STRIDE = 0x5DEED  # odd, so that multiplying by it permutes the index range


def fingerprint(*parts: str | bytes) -> int:
    """Return a hash of 128 bits of the parts, in their order."""
    digest = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8))
        digest.update(raw)
    return int.from_bytes(digest.digest())


def token(number: int, length: int) -> str:
    """Return the lowest bits of a number as characters."""
    return "".join(_ALPHABET[number >> (_BITS * place) & 31] for place in range(length))


def fraction(*parts: str | bytes) -> float:
    """Return a hash of the parts as a number from 0 up to 1."""
    return (fingerprint(*parts) >> 75) / (1 << 53)


def device_id(seed: str, index: int) -> str:
    """Return the id of a device: a token of the seed, which no other home has, and a code of the index.

    The code permutes the index, so that any two devices of a home differ in the last four characters.
    """
    offset = fingerprint("device", seed)
    code = (index * _STRIDE + (offset >> 64)) % _INDEX_RANGE
    return f"device_{token(offset, _SEED_LENGTH)}{token(code, _INDEX_LENGTH)}"


def user_id(seed: str, index: int) -> str:
    """Return the id of an end user, to whom devices are linked."""
    return f"user_{token(fingerprint('user', seed, str(index)), 10)}"


def action_id(seed: str, resets: int, number: int, created: int) -> str:
    """Return the id of the n-th action after so many resets, created at an instant in milliseconds.

    Resets and instant are part of it so that no id is used twice, neither after a reset nor in a home set up again.
    """
    return f"action_{token(fingerprint('action', seed, str(resets), str(number), str(created)), 12)}"
