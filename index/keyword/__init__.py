"""Keyword engines behind one protocol."""
