"""The home of an account: its devices, what was done to them, and what therefore is at any instant (api §15.2 #51)."""
