"""Faults on purpose: which kinds there are, whom they strike, and what they make of an answer (api §15.3 #49)."""
