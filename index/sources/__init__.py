"""Readers of saved pages and data files."""
