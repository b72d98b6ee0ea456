"""The benchmarks of design §11."""

# First of all: the test helpers used here are made for another version of Home Assistant.
import tests.early  # noqa: F401  before all else, as its docstring says
