"""Imports of CSV files: a whole file or nothing of it, and the same file twice changes nothing."""
