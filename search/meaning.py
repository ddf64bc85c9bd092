"""Which sentence of a passage is nearest to the query in meaning: the second kind of highlight.

It costs encoding, so it is a second step, on demand, and sentences once encoded are remembered.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import numpy as np

from index.sentences import sentences
from search.results import Snippet, Span, SpanKind
from search.snippet import SNIPPET_CHARS, between_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.encode.protocol import Encoder, Vectors
    from index.protocol import Vector

REMEMBERED: Final = 4_096  # sentences
CONSIDERED: Final = 40  # sentences of one passage; beyond, only those around its best window would matter
LEAST: Final = 0.2  # a nearest sentence less similar than this explains nothing


class SentenceFinder:
    """Finds nearest sentences with one encoder; safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, query: Vector, texts: Sequence[str]) -> list[Span | None]:
        """Return, for each text, the span of the sentence nearest to the query; ``None`` where none is near."""
        spans = [sentences(text)[:CONSIDERED] for text in texts]
        parts = [[text[start:end] for start, end in found] for text, found in zip(texts, spans, strict=True)]
        known = self._encoded({part for found in parts for part in found})
        nearest: list[Span | None] = []
        for found, pieces in zip(spans, parts, strict=True):
            cosines = np.array([float(known[piece] @ query) for piece in pieces])
            best = int(cosines.argmax()) if len(cosines) else -1
            is_near = best >= 0 and cosines[best] >= LEAST
            nearest.append(Span(*found[best], SpanKind.MEANING) if is_near else None)
        return nearest

    def _encoded(self, wanted: Iterable[str]) -> dict[str, Vectors]:
        with self._lock:
            known = {text: self._vectors[text] for text in wanted if text in self._vectors}
        fresh = sorted(set(wanted) - known.keys())
        if fresh:
            known |= dict(zip(fresh, self._encoder.encode(fresh), strict=True))
        with self._lock:
            for text, vector in known.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return known


def woven(words: Iterable[Span], meaning: Span | None) -> tuple[Span, ...]:
    """Return both kinds in order without overlaps: a word of the query stays lit as a word within its sentence."""
    if meaning is None:
        return tuple(words)
    spans: list[Span] = []
    at = meaning.start
    for word in words:
        if at < min(word.start, meaning.end) and word.start > meaning.start:
            spans.append(Span(at, min(word.start, meaning.end), SpanKind.MEANING))
        spans.append(word)
        at = max(at, word.end)
    if at < meaning.end:
        spans.append(Span(at, meaning.end, SpanKind.MEANING))
    return tuple(sorted(spans, key=lambda span: span.start))


def shown(text: str, snippet: Snippet, meaning: Span | None, width: int = SNIPPET_CHARS) -> Snippet:
    """Return the snippet with the sentence lit; where no word explains the hit, a window on the sentence."""
    if meaning is None:
        return snippet
    if not snippet.spans and not _holds(snippet, meaning):
        start = min(meaning.start, max(0, len(text) - width))
        start, end = between_words(text, start, min(len(text), start + width))
        snippet = Snippet(text[start:end], (), start)
    start = max(0, meaning.start - snippet.start)
    end = min(len(snippet.text), meaning.end - snippet.start)
    inside = Span(start, end, SpanKind.MEANING) if start < end else None
    return Snippet(snippet.text, woven(snippet.spans, inside), snippet.start)


def _holds(snippet: Snippet, meaning: Span) -> bool:
    return snippet.start <= meaning.start and meaning.end <= snippet.start + len(snippet.text)
