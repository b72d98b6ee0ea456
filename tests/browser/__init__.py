"""Tests of what a person sees who runs scripts/develop and opens a browser."""
