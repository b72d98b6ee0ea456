"""Quantities over time, in closed form: a value a year ahead costs what one a minute ahead costs."""
