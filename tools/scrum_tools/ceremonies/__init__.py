"""Ceremonies: what fires, what came of it, and who waits for whom."""
