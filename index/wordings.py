"""Wordings: the distinct texts among the passages of one kind in an index, and which of them are near each other.

Near wordings are found by their words. Two near texts share four fifths of their shingles, so of a text with S
shingles the other lacks at most S/5 - 2 distinct words: with its words dealt out into one heap more than that, at
least one heap is there whole. The passages that hold a whole heap are compared, the best by BM25 first and more for
as long as near ones turn up. Long texts get fewer heaps than that, of their rarest words.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from index import text
from index.keyword.clause import Among, Facet, Field, Group, Term
from index.likeness import THRESHOLD, Features, bands, digest, is_long_enough, likeness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from index.keyword.clause import Clause
    from index.keyword.protocol import Candidates
    from index.model import Kind

_FIRST: Final = 64  # passages compared before it is known whether more are needed
_GROWTH: Final = 4
_HEAPS: Final = 24
_TERMS: Final = 48
_CHUNK: Final = 1000
_REMEMBERED: Final = 4096

Order = tuple[bool, int, int]  # undated, time, row: ascending is the order in which passages are stacked


class Passages(Protocol):
    """What must be known of passages; ``index.store`` answers each with one simple statement a chunk of rows."""

    def texts_of(self, rows: Sequence[int]) -> Mapping[int, str]:
        """Return the texts of those of ``rows`` that are there and may stack."""

    def times(self, rows: Sequence[int]) -> Mapping[int, int | None]:
        """Return the time of each of ``rows``, in seconds since the epoch; unknown rows are left out."""


class Words(Protocol):
    """What is asked of a keyword engine; it may still know passages that went, and not yet those that came."""

    def search(self, clause: Clause, limit: int) -> Candidates:
        """Return the ``limit`` best passages for ``clause``."""

    def frequency(self, field: Field, term: str) -> int:
        """Return in how many passages the term occurs."""


@dataclass(slots=True, eq=False)
class Wording:
    """A distinct text, and the passages that have it, the earliest first."""

    digest: bytes
    passages: list[Order] = field(default_factory=list)

    @property
    def order(self) -> Order:
        """The order of the earliest passage."""
        return self.passages[0]

    @property
    def row(self) -> int:
        """The row of the earliest passage."""
        return self.passages[0][2]

    @property
    def rows(self) -> list[int]:
        """The rows of all passages."""
        return [row for _, _, row in self.passages]


class Wordings:
    """The wordings of one kind of passage, met as they are asked for; nothing else of the index is read."""

    def __init__(self, kind: Kind, store: Passages, words: Words) -> None:
        self._kind = kind
        self._store = store
        self._words = words
        self._of: dict[int, Wording | None] = {}
        self._by_digest: dict[bytes, Wording] = {}
        self._digests: dict[str, bytes | None] = {}  # copies are mostly copies to the letter: these are read once
        self._features: dict[bytes, Features] = {}
        self._keys: dict[Wording, list[tuple[int, int]]] = {}
        self._sharing: dict[tuple[int, int], list[Wording]] = {}
        self._near: dict[Wording, list[tuple[float, Wording]]] = {}
        self._kept: set[Wording] = set()

    def plant(self, rows: Sequence[int]) -> list[Wording]:
        """Return the wordings of ``rows``, passages that the keyword engine may not know; they are found from now on.

        Passages too short to stack have none. Each wording comes with its passages in the index, too.
        """
        planted: dict[Wording, None] = {}
        for chunk in _chunks(rows):
            for wording, keys in self._keyed(met := [one for one in self._meet(chunk) if one not in planted]):
                for key in keys:
                    self._sharing.setdefault(key, []).append(wording)
            planted |= dict.fromkeys(met)
            self._kept.update(met)
        for wording in planted:
            self.near(wording)
        return list(planted)

    def near(self, wording: Wording) -> list[tuple[float, Wording]]:
        """Return (likeness, wording) of every wording near this one, each with all its passages."""
        if wording not in self._near:
            alike = self._searched(wording)
            ((_, keys),) = self._keyed([wording])
            shared = {other for key in keys for other in self._sharing.get(key, ())}
            alike |= self._compared(wording, shared - alike.keys())
            alike.pop(wording, None)
            wanted = set(keys)
            close = [other for other, value in alike.items() if value >= THRESHOLD]
            found = [(alike[other], other) for other, keys in self._keyed(close) if not wanted.isdisjoint(keys)]
            self._near[wording] = found
            self._kept.update((wording, *(other for _, other in found)))
            self._forget(alike.keys() - self._kept)
        return self._near[wording]

    def _forget(self, wordings: Iterable[Wording]) -> None:
        """Drop those that are near none: most of what the keyword engine proposes."""
        for wording in wordings:
            del self._by_digest[wording.digest]
            self._keys.pop(wording, None)
            for row in wording.rows:
                del self._of[row]

    def _searched(self, wording: Wording) -> dict[Wording, float]:
        """Return the likeness of every wording that the keyword engine proposes, the one asked for among them."""
        clause, limit, compared = self._clause(wording), _FIRST, 0
        alike: dict[Wording, float] = {}
        while True:
            rows: list[int] = self._words.search(clause, limit).rows.tolist()
            alike |= self._compared(wording, set(self._meet(rows[compared:])) - alike.keys())
            tail = self._meet(rows[limit // 2 :])
            if len(rows) < limit or all(alike[other] < THRESHOLD for other in tail):
                return alike
            compared, limit = limit, limit * _GROWTH

    def _clause(self, wording: Wording) -> Clause:
        words = set(text.terms(self._store.texts_of([wording.row])[wording.row])[0]) - {""}
        rarest = sorted(words, key=lambda word: (self._words.frequency(Field.EXACT, word), word))
        heaps = min(max(0, len(self._featured(wording).shingles) // 5 - 2) + 1, _HEAPS, len(rarest))
        dealt = [Term(Field.EXACT, word) for word in rarest[: heaps * max(2, min(4, _TERMS // heaps))]]
        any_heap = Group(should=tuple(Group(must=tuple(dealt[at::heaps])) for at in range(heaps)))
        return Group(must=(Among(Facet.KIND, (self._kind.value,)), any_heap))

    def _compared(self, wording: Wording, others: Collection[Wording]) -> dict[Wording, float]:
        mine = self._featured(wording)
        return {other: likeness(mine, self._featured(other)) for other in others}

    def _meet(self, rows: Sequence[int]) -> list[Wording]:
        """Return the wordings of those of ``rows`` that are there and long enough."""
        for chunk in _chunks([row for row in rows if row not in self._of]):
            texts, times = self._store.texts_of(chunk), self._store.times(chunk)
            for row in chunk:
                found = self._of[row] = self._wording(texts[row]) if row in texts else None
                if found is not None:
                    time = times[row]
                    insort(found.passages, (time is None, time or 0, row))
        return list(dict.fromkeys(found for row in rows if (found := self._of[row]) is not None))

    def _wording(self, words: str) -> Wording | None:
        if words not in self._digests:
            _trim(self._digests)
            self._digests[words] = self._digest(text.terms(words)[0])
        name = self._digests[words]
        return None if name is None else self._by_digest.setdefault(name, Wording(name))

    def _digest(self, words: list[str]) -> bytes | None:
        if not is_long_enough(words):
            return None
        name = digest(words)
        if name not in self._features:
            _trim(self._features)
            self._features[name] = Features.of(words)
        return name

    def _featured(self, wording: Wording) -> Features:
        found = self._features.get(wording.digest)
        if found is None:
            _trim(self._features)
            words = text.terms(self._store.texts_of([wording.row])[wording.row])[0]
            found = self._features[wording.digest] = Features.of(words)
        return found

    def _keyed(self, wordings: Sequence[Wording]) -> Iterator[tuple[Wording, list[tuple[int, int]]]]:
        """Yield each wording with its bands: number and key."""
        unknown = [one for one in wordings if one not in self._keys]
        for one, keys in zip(unknown, bands([self._featured(one).shingles for one in unknown]).tolist(), strict=True):
            self._keys[one] = list(enumerate(keys))
        yield from ((one, self._keys[one]) for one in wordings)


def _trim(remembered: dict[Any, Any]) -> None:
    if len(remembered) >= _REMEMBERED:
        remembered.clear()


def _chunks(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
