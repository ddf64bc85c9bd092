"""The door to tantivy: what its native code raises becomes ``IndexDamaged``, or ``IndexUnreachable`` for a full disk.

Over files it cannot make sense of tantivy panics, which reaches Python as an exception outside of ``Exception``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from index.errors import IndexDamaged, IndexUnusable
from index.refusals import refusal

if TYPE_CHECKING:
    from pathlib import Path

_FAULTS: Final = (ValueError, OSError, TypeError, IndexError, OverflowError)


class sound:
    """Turn a panic, or an error over the files in ``path``, into ``IndexDamaged`` or ``IndexUnreachable``."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and (isinstance(error, _FAULTS) or type(error).__name__ == "PanicException"):
            raise _damaged(self._path, error) from error


class GuardedSearcher:
    """A searcher, all of whose answers come through the door."""

    def __init__(self, searcher: Any, path: Path) -> None:
        self._searcher, self._path = searcher, path

    @property
    def num_docs(self) -> int:
        """How many documents there are."""
        with sound(self._path):
            return int(self._searcher.num_docs)

    def search(self, *given: Any, **options: Any) -> Any:
        """Return what was found."""
        with sound(self._path):
            return self._searcher.search(*given, **options)

    def fast_field_values(self, field: str, addresses: list[Any]) -> Any:
        """Return the value of a field of each document."""
        with sound(self._path):
            values = self._searcher.fast_field_values(field, addresses)
            if None in values:
                raise ValueError(f"documents without {field}")
            return values

    def doc_freq(self, field: str, term: str) -> int:
        """Return in how many documents a term occurs."""
        with sound(self._path):
            return int(self._searcher.doc_freq(field, term))

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return terms and in how many documents each occurs."""
        with sound(self._path):
            return list(self._searcher.terms_with_prefix(field, prefix, limit=limit))


def _damaged(path: Path, error: BaseException) -> IndexUnusable:
    if refused := refusal(path, error):
        return refused
    told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return IndexDamaged(f"the keyword index in {path} is damaged ({told}); run `broadsheet index rebuild --from-index`")
