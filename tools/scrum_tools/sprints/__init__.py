"""Sprints: start, change, see and close them."""
