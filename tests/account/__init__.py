"""Parts of the state of an account, by themselves (design §4)."""
