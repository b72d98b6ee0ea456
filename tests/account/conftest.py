"""The limits of requests, as the tests of rules have them."""

from tests.rules.conftest import clock, limits

__all__ = ["clock", "limits"]
