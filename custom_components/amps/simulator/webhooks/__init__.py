"""Webhooks: what is sent where, how it is signed, and what goes wrong with it on request (api §12)."""
