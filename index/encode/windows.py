"""Texts longer than a model's window become overlapping character spans that each fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

OVERLAP: Final = 4  # neighbouring windows share a quarter of their tokens
_MARKS: Final = 2  # every text gets an opening and a closing mark


def spans(texts: Sequence[str], tokenizer: Tokenizer, window: int) -> list[list[tuple[int, int]]]:
    """Return, for each text, the spans of at most ``window`` tokens, marks included, that cover it."""
    size = window - _MARKS
    found: list[list[tuple[int, int]]] = [[(0, len(text))] for text in texts]
    # A token has at least one character of plain text; other scripts may be split finer.
    long = [place for place, text in enumerate(texts) if len(text) > size or not text.isascii()]
    sources = [texts[place].encode("utf-8", "replace").decode("utf-8") for place in long]
    for place, tokens in zip(long, tokenizer.encode_batch(sources, add_special_tokens=False), strict=True):
        if len(tokens.offsets) > size:
            found[place] = _cut(tokens.offsets, size)
    return found


def _cut(offsets: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return spans of ``size`` tokens each, neighbours sharing a quarter, the last one full too."""
    step = size - size // OVERLAP
    starts = [*range(0, len(offsets) - size, step), len(offsets) - size]
    return [(offsets[start][0], offsets[start + size - 1][1]) for start in starts]
