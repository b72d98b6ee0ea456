"""Tests of Amps for Home Assistant."""
