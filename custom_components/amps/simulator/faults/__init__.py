"""Faults on purpose: their kinds, their targets, and what each changes of a response (api §15.3 #49)."""
