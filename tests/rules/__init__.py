"""The rules of retrieval, by themselves (design §4)."""
