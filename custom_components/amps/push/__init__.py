"""The webhook of an account, to which Amps delivers what became of actions (design §7)."""
