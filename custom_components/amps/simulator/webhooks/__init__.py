"""Webhooks: what is told to whom, how it is signed, and what goes wrong with it on request (api §12)."""
