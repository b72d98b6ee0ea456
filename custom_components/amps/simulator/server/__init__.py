"""The program over HTTP: server, sender of webhooks, state file, command line (design §2)."""

from .app import serve

__all__ = ["serve"]
