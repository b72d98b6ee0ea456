"""Signatures made by Svix's own library, by which Amps delivers, are accepted (api §12)."""

from datetime import UTC, datetime

from svix.webhooks import Webhook

from custom_components.amps.api.webhook import read_delivery, read_secret
from custom_components.amps.rules.webhook import find_refusal

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SENT_AT = datetime(2026, 6, 14, 12, 0, 0, tzinfo=UTC)


def test_what_the_library_signs_is_genuine_and_what_it_signs_with_another_secret_is_not() -> None:
    key = read_secret(SECRET)
    assert key
    for body in ('{"actionId":"act_1"}', "", "{\n}", '{"vendor":"Škoda ☀"}'):
        for secret, refusal in ((SECRET, None), ("whsec_" + "A" * 32, "forged")):
            headers = {
                "svix-id": "msg_1",
                "svix-timestamp": str(int(SENT_AT.timestamp())),
                "svix-signature": Webhook(secret).sign("msg_1", SENT_AT, body),
            }
            delivery = read_delivery(headers, body.encode())
            assert delivery is not None
            assert find_refusal(delivery, key, SENT_AT) == refusal


def test_what_the_library_would_refuse_is_refused() -> None:
    """The same secret is read in the same way by both."""
    headers = {"svix-id": "msg_1", "svix-timestamp": str(int(SENT_AT.timestamp()))}
    signature = Webhook(SECRET).sign("msg_1", SENT_AT, "{}")
    delivery = read_delivery({**headers, "svix-signature": signature}, b"{ }")
    key = read_secret(SECRET)
    assert delivery
    assert key
    assert find_refusal(delivery, key, SENT_AT) == "forged"
