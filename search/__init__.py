"""Asking: a query is parsed, both legs retrieve, scores are fused, hits get their snippets and reasons.

``Searcher.open()`` is the way in; everything it returns is a plain frozen value.
"""
