"""The live state of one account: what is known of its devices, and everything that has a timer (design §2)."""
