"""Where the sentences of a text are: spans, so that nothing of the text is lost or changed."""

from __future__ import annotations

from typing import Final

import regex

MAX_SENTENCE: Final = 600  # characters; longer runs are cut at white space, since nobody highlights a page

# Words before a full stop that do not end a sentence; single capitals are initials.
_LISTED = """
    adm al ave brig capt cf co col corp cpl dec dept dr e.g etc feb fig ft gen gov hon i.e inc jan jr lt ltd maj mr mrs
    ms mt no nov oct pres prof pvt rep rev sen sept sgt sr st u.k u.n u.s vs
"""
_ABBREVIATED: Final = frozenset(_LISTED.split())
_END = regex.compile(r"""[.!?…]+["'”’»)\]]*(?=\s)|[。！？।]+["'”’」』）]*|\n\s*\n""")
_LAST_WORD = regex.compile(r"[\p{L}.]+$")
_OPENING = regex.compile(r"""\s*["'“‘«(\[]*[\p{Lu}\p{Lt}\p{Lo}\p{N}\p{So}]""")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of ``text``, in order, without the white space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if _ends(text, start, match):
            spans += _trimmed(text, start, match.end())
            start = match.end()
    return spans + _trimmed(text, start, len(text))


def _ends(text: str, start: int, match: regex.Match[str]) -> bool:
    mark = match.group()
    if not mark.startswith((".", "…")):
        return True
    if not _OPENING.match(text, match.end()):
        return False
    before = _LAST_WORD.search(text, start, match.start())
    word = before.group().lower() if before else ""
    return mark != "." or not (word in _ABBREVIATED or (len(word) == 1 and before is not None))


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the span without surrounding white space, cut into pieces where it is very long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    spans: list[tuple[int, int]] = []
    while end - start > MAX_SENTENCE:
        space = text.rfind(" ", start + 1, start + MAX_SENTENCE)
        cut = space if space > start else start + MAX_SENTENCE
        spans.append((start, cut))
        start = cut + (space > start)
    return [*spans, (start, end)] if end > start else spans
