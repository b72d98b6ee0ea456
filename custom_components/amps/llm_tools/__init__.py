"""The tools for language models, such as voice assistants (design §7)."""
