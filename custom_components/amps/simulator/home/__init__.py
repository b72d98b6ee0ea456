"""The home of an account: its devices, the log of what was done to them, and their states (api §15.2 #51)."""
