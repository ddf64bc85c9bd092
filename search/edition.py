"""Which index is asked: a call sees one edition from its start to its end, also while a newer one takes its place.

Calls hold what they ask and nobody waits for them: an edition that was replaced is closed by the last call using it.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, Protocol, TypeVar

from index.encode import DEFAULT_MODEL, STATIC_MODEL
from index.errors import IndexUnusable, UsageError
from index.local import LocalIndex
from search import weights
from search.encoding import QueryEncoder
from search.fuse import Fusion
from search.memory import Memories
from search.rankings import Rankings
from search.scripts import is_unread, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.encode.protocol import Encoder
    from search.weights import Weights

P = ParamSpec("P")
R = TypeVar("R")

# A passage found by meaning alone must be at least this similar, in hybrid search: docs/architecture.md says why.
# Models we have not measured have no such floor. The default model's is .25 by questions in full; at eight bits a
# cosine may be told some .005 lower, and no passage is to be lost by that.
MEANING_FLOORS: Final = {DEFAULT_MODEL: 0.245, STATIC_MODEL: 0.4}


@dataclass(slots=True)
class Edition:
    """One state of an index and what it is asked with."""

    index: LocalIndex
    encoder: QueryEncoder
    weights: Weights
    users: int = 1
    """Who needs it open: every call that asks it, and one for its being the current edition."""
    rankings: Rankings = field(default_factory=Rankings)
    """What it was asked last, for further pages."""
    memories: Memories = field(default_factory=Memories)
    """What it was asked lately, and what it said."""

    @property
    def is_current(self) -> bool:
        """Whether index and weights are still what was published last; raises ``IndexUnusable``."""
        return self.index.is_live and self.weights == weights.load(self.index.root)

    @property
    def has_vectors(self) -> bool:
        """Whether it can be asked by meaning."""
        return self.index.manifest.model is not None

    def fusion(self, meaning: str) -> Fusion:
        """Return how the two legs become one order for a question of that meaning."""
        model, used = self.index.manifest.model, self.weights
        floor = MEANING_FLOORS.get(model.name, -1.0) if model else -1.0
        return Fusion(self.alpha(meaning), floor, reach=used.reach, headline=used.headline, comment=used.comment)

    def alpha(self, meaning: str) -> float:
        """Return the share of meaning in the scores of such a question: the tuned one, or the default of its script."""
        model = self.index.manifest.model
        return share(self.weights.alpha, unread=is_unread(model.name if model else None, meaning))


class Editions:
    """The current edition, those still in use, and the change to the next; safe to use from several threads."""

    def __init__(self, index: LocalIndex, encoder: Encoder | None = None) -> None:
        """Begin with ``index`` and close it when its time is over; ``encoder`` serves every index of its model.

        Raises ``IndexDamaged`` where the weights cannot be read.
        """
        self._given = encoder
        self._lock = threading.Lock()  # guards the current edition and the counts of users, for moments
        self._turn = threading.Lock()  # one change at a time; whoever has it waits for no call
        self._calls = threading.local()
        with ExitStack() as undo:
            undo.callback(index.close)
            used = weights.load(index.root)
            undo.pop_all()
        self._current: Edition | None = Edition(index, QueryEncoder(index.manifest.model, encoder), used)

    @property
    def here(self) -> Edition:
        """What this thread asks: the edition its call holds, else the current one; raises ``UsageError`` if closed."""
        return self._held() or self._open()

    @contextmanager
    def held(self) -> Iterator[Edition]:
        """Hold one edition; a call within a call asks what the outer one holds."""
        if (outer := self._held()) is not None:
            yield outer
            return
        with self._lock:
            edition = self._open()
            edition.users += 1
        self._calls.edition = edition
        try:
            yield edition
        finally:
            self._calls.edition = None
            self._leave(edition)

    @property
    def is_stale(self) -> bool:
        """Whether there is something newer, or nothing readable any more: ``reload`` says why."""
        try:
            return not self._open().is_current
        except IndexUnusable:
            return True

    def reload(self) -> bool:
        """Take up what was published last, and return whether that was anything new.

        Raises ``IndexUnusable`` where it cannot be opened; the current edition then stays.
        """
        with self._turn:
            old = self._open()  # stays open: only who has the turn replaces it
            if old.is_current:
                return False
            new = self._after(old)
            with self._lock:
                self._current = new
            self._leave(old)
        return True

    def close(self) -> None:
        """Let the current edition go; calls under way end first, later ones are refused."""
        with self._turn:
            with self._lock:
                last, self._current = self._current, None
            if last is not None:
                self._leave(last)

    def _after(self, old: Edition) -> Edition:
        """Open what is published now; the model goes on serving where it built that too, for it takes long to load."""
        used = weights.load(old.index.root)
        with ExitStack() as undo:
            index = LocalIndex.open(old.index.root)
            undo.callback(index.close)
            model, given = index.manifest.model, self._given
            if model == old.index.manifest.model:
                encoder = old.encoder
            else:
                encoder = QueryEncoder(model, given if model and given and given.card == model else None)
            undo.pop_all()
        return Edition(index, encoder, used)

    def _held(self) -> Edition | None:
        edition: Edition | None = getattr(self._calls, "edition", None)
        return edition

    def _open(self) -> Edition:
        if self._current is None:
            raise UsageError("this searcher is closed; open another one")
        return self._current

    def _leave(self, edition: Edition) -> None:
        """Be one user less; the last one closes the index."""
        with self._lock:
            edition.users -= 1
            is_last = not edition.users
        if is_last:
            edition.index.close()


class Holder(Protocol):
    """Who has editions to ask."""

    _editions: Editions


H = TypeVar("H", bound=Holder)


def of_one_edition(method: Callable[Concatenate[H, P], R]) -> Callable[Concatenate[H, P], R]:
    """Return a method all of whose questions go to one edition."""

    @wraps(method)
    def asked(self: H, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._editions.held():
            return method(self, *args, **kwargs)

    return asked
