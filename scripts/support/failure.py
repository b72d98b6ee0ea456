"""What ends scripts/develop with one sentence instead of a traceback."""


class DevelopError(Exception):
    """Something a person has to know, in words meant for them."""
