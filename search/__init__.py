"""Asking: a query is parsed, both legs retrieve, scores are fused, hits get their snippets and reasons.

``Searcher.open()`` is the way in; everything it returns is a plain frozen value. Names are resolved on first use,
so that importing this package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.query import Query
    from search.results import Hit, Mode, Results, Snippet, Span, SpanKind
    from search.searcher import Searcher

__all__ = ["Hit", "Mode", "Query", "Results", "Searcher", "Snippet", "Span", "SpanKind"]

_HOMES = {"Searcher": "search.searcher", "Query": "search.query"}


def __getattr__(name: str) -> Any:  # PEP 562
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "search.results")), name)
