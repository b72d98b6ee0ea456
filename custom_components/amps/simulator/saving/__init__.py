"""The state of a simulator as one JSON document, and back again."""
