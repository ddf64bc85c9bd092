"""Any query lights any text within its bounds. ``make fuzz`` runs this.

The input is UTF-8, what is none replaced: the query, a line break, the text.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import BroadsheetError
from search.parse import parse
from search.snippet import Highlighter, snippets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CORPUS = Path(__file__).parent / "corpus" / "snippet"


def check(data: bytes) -> None:
    """Light the text and cut its snippets; raises where spans leave it, overlap or light what no word of it is."""
    asked, _, words = data.decode("utf-8", "replace").partition("\n")
    try:
        highlighter = Highlighter.of(parse(asked))
    except BroadsheetError:
        return
    for token in highlighter.matches(words):
        assert 0 <= token.start < token.end <= len(words)
    for piece in snippets(words, highlighter):
        assert words[piece.start : piece.start + len(piece.text)] == piece.text
        assert all(0 <= span.start < span.end <= len(piece.text) for span in piece.spans)
        assert all(before.end <= after.start for before, after in pairwise(piece.spans))


def seeds() -> list[bytes]:
    """Return the kept inputs."""
    return [path.read_bytes() for path in sorted(CORPUS.iterdir())]


@contextmanager
def ready() -> Iterator[tuple[Callable[[bytes], None], list[bytes]]]:
    """Give the check and the inputs to begin with."""
    yield check, seeds()
