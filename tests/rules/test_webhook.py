"""Which deliveries are genuine (api §12.1)."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
import hmac

import pytest

from custom_components.amps.api.webhook import read_delivery, read_secret
from custom_components.amps.rules.webhook import find_refusal

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
SENT_AT = datetime.fromtimestamp(1614265330, UTC)
HEADERS = {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
"""The example of Svix's documentation."""
OTHER_SIGNATURE = "v1," + b64encode(bytes(32)).decode()


def refusal(
    headers: dict[str, str] | None = None, body: bytes = BODY, secret: str = SECRET, now: datetime = SENT_AT
) -> str | None:
    """Return why the example is refused, if some of it were something else."""
    delivery, key = read_delivery({**HEADERS, **(headers or {})}, body), read_secret(secret)
    assert delivery
    assert key
    return find_refusal(delivery, key, now)


def test_the_known_answer_is_genuine() -> None:
    assert refusal() is None


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        ({"svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJel"}, BODY, SECRET),
        ({"svix-timestamp": "1614265331"}, BODY, SECRET),
        ({"svix-signature": OTHER_SIGNATURE}, BODY, SECRET),
        ({"svix-signature": HEADERS["svix-signature"][:-5] + "OA=="}, BODY, SECRET),
        ({}, BODY + b" ", SECRET),
        ({}, BODY.replace(b" ", b""), SECRET),
        ({}, b"", SECRET),
        ({}, BODY, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx"),
    ],
)
def test_what_was_changed_in_anything_is_forged(headers: dict[str, str], body: bytes, secret: str) -> None:
    assert refusal(headers, body, secret) == "forged"


@pytest.mark.parametrize("place", range(3))
def test_one_genuine_signature_among_several_is_enough(place: int) -> None:
    """Two come while the secret is rotated."""
    signatures = [OTHER_SIGNATURE, "v1a,AAAA"]
    signatures.insert(place, HEADERS["svix-signature"])
    assert refusal({"svix-signature": " ".join(signatures)}) is None


def test_the_key_is_the_decoded_secret() -> None:
    content = f"{HEADERS['svix-id']}.{HEADERS['svix-timestamp']}.".encode() + BODY
    key = b64decode(SECRET.removeprefix("whsec_"))
    signature = "v1," + b64encode(hmac.new(key, content, sha256).digest()).decode()
    assert signature == HEADERS["svix-signature"]


@pytest.mark.parametrize(
    ("seconds", "reason"), [(-301, "stale"), (-300, None), (299.9, None), (300, None), (300.1, "stale"), (9e8, "stale")]
)
def test_five_minutes_either_way_are_allowed(seconds: float, reason: str | None) -> None:
    assert refusal(now=SENT_AT + timedelta(seconds=seconds)) == reason


def test_a_time_beyond_all_dates_is_stale() -> None:
    assert refusal({"svix-timestamp": "999999999999"}) == "stale"
