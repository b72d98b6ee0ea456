"""The only way to a command: whom it is for, what stands against it, and what is in its way (design §6)."""
