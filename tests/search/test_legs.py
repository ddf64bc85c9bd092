"""Both legs of one question at work side by side, and what becomes of one when the other fails."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from index.encode.hashing import HashEncoder
from index.errors import ModelError
from index.local import LocalIndex
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encode.protocol import Vectors
    from index.keyword.protocol import Candidates

SECONDS = 20.0


class WaitingEncoder(HashEncoder):
    """Encodes when it is let, or fails then."""

    def __init__(self, *, fails: bool = False) -> None:
        self.go = threading.Event()
        self._fails = fails

    def encode(self, texts: Sequence[str]) -> Vectors:
        assert self.go.wait(SECONDS)
        if self._fails:
            raise ModelError("the model is gone; reinstall it")
        return super().encode(texts)


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the words of a question were looked for."""
    told = threading.Event()
    real = LocalIndex.match

    def match(self: LocalIndex, *asked: Any) -> Candidates:
        found = real(self, *asked)
        told.set()
        return found

    monkeypatch.setattr(LocalIndex, "match", match)
    return told


def test_words_are_looked_for_while_the_question_is_encoded(seeds_index: Path, matched: threading.Event) -> None:
    encoder = WaitingEncoder()
    with Searcher.open(seeds_index, encoder=encoder) as searcher:
        asking = threading.Thread(target=lambda: searcher.search("harbour council vote"))
        asking.start()
        was_matched = matched.wait(SECONDS)  # nothing lets the encoder go before
        encoder.go.set()
        asking.join(SECONDS)
        assert was_matched
        found = searcher.search("vote harbour council").hits
    with Searcher.open(seeds_index) as plain:
        assert [hit.passage.id for hit in plain.search("vote harbour council")] == [hit.passage.id for hit in found]


def test_a_failing_model_leaves_nobody_reading(
    seeds_index: Path, matched: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = LocalIndex.match
    encoder = WaitingEncoder(fails=True)

    def match(self: LocalIndex, *asked: Any) -> Candidates:
        encoder.go.set()  # the model fails while the words are still being looked for
        return real(self, *asked)

    monkeypatch.setattr(LocalIndex, "match", match)
    with Searcher.open(seeds_index, encoder=encoder) as searcher:
        with pytest.raises(ModelError):
            searcher.search("harbour council vote")
        assert matched.is_set()
        assert len(searcher.search("harbour council vote", mode="keyword"))
