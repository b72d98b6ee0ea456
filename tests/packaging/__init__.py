"""The rules of hassfest for custom integrations and of the HACS action, neither of which runs without GitHub."""
