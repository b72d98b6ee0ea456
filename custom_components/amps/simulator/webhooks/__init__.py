"""Webhooks: messages, signatures, and delivery faults on request (api §12)."""
