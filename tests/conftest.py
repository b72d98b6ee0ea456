"""What all tests share."""

# First of all: pytest-homeassistant-custom-component has a folder custom_components of its own, and the first one
# imported is the one that counts.
import custom_components.amps  # noqa: F401
