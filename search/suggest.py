"""What is being typed, completed: words of the index, authors, and the values of fields such as ``source:``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index import analyser, text
from index.keyword.clause import Among, Facet, Field, Phrase, Term
from index.model import Kind
from search import marks
from search.fields import FACETS, KINDS, WITH_VALUES
from search.parse import MAX_LENGTH
from search.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.model import ArticleInfo, Passage
    from index.protocol import Index
    from index.text import Token

__all__ = ["Ending", "Suggestion", "did_you_mean", "ending", "field_names", "suggest"]

WORD: Final = "word"
MOST: Final = 100  # suggestions; each name costs a look at a passage, to be spelt as it is there

_STRAIGHT: Final = str.maketrans(dict.fromkeys(marks.QUOTES, '"'))
_LAST: Final = re.compile(r'[^\s()",:;]*$')
_FIELD_BEFORE: Final = re.compile(r'(?<!\w)([^\W\d]\w*):(?:(?:"[^"]*"|[^\s,()"]*),)*$')
_SIGNS: Final = "+-"
_KEYS: Final = 3  # keys an author usually has: his name, and each word of it
_TRIED: Final = 50  # commonest words of a beginning that are tried behind a phrase
_OTHER_MARKS: Final = re.compile(r"[*?^~=]")
_NEEDS_QUOTES: Final = re.compile(r"[^\w.\-@\'’&*]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on."""

    text: str
    """The word or value itself."""
    kind: str
    """``word``, or the facet whose value it is: ``author``, ``source``, ``kind``, …"""
    count: int
    """Passages that hold the word, or have the value."""
    query: str
    """All that was typed, completed: what to put in its place."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"text": self.text, "kind": self.kind, "count": self.count, "query": self.query}


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a query as typed: what stands before the value being typed, that value, and whose value it is."""

    head: str
    value: str
    name: str
    """The field, empty where there is none."""
    quote: str
    """The quotation mark it stands behind, if that is still open."""

    @property
    def before(self) -> str:
        """Everything typed, value included."""
        return self.head + self.quote + self.value


def suggest(index: Index, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
    """Return completions of the last word of ``prefix``, commonest first.

    After a field of metadata (``by:wes``) its values alone are completed. Elsewhere words and authors are, and
    neither crowds the other out. There are never more than ``MOST``.
    """
    limit = min(limit, MOST)
    if limit < 1 or len(prefix) > MAX_LENGTH:
        return ()
    typed = ending(prefix)
    if typed.name in WITH_VALUES:
        facet = Facet.KIND if typed.name == "in" else FACETS.get(typed.name)
        return () if facet is None else tuple(_values(index, facet, typed, limit))
    words = _words(index, typed, limit)
    authors = _authors(index, typed, limit)
    room = max(limit - len(words), limit // 3)
    found = authors[:room] + words[: limit - min(len(authors), room)]
    return tuple(sorted(found, key=lambda one: (-one.count, one.text, one.kind)))


def field_names(prefix: str) -> tuple[str, ...]:
    """Return the fields whose names begin as the last word of ``prefix`` does, each with its colon."""
    typed = ending(prefix)
    name = typed.value.lstrip(_SIGNS).casefold()
    if not name or typed.name or typed.quote:
        return ()
    return tuple(f"{field}:" for field in sorted({*KINDS, *WITH_VALUES}) if field.startswith(name))


def ending(prefix: str) -> Ending:
    """Return where the value or word being typed begins, and the field it belongs to."""
    plain = prefix.translate(_STRAIGHT)
    if plain.count('"') % 2:
        start = plain.rindex('"')
        quote = prefix[start]
    else:
        last = _LAST.search(plain)
        start, quote = last.start() if last else len(plain), ""
    field = _FIELD_BEFORE.search(plain, 0, start)
    return Ending(prefix[:start], prefix[start + len(quote) :], field[1].casefold() if field else "", quote)


def _words(index: Index, typed: Ending, limit: int) -> list[Suggestion]:
    """Return words of the index that go on where the typed text ends."""
    word = typed.value.lstrip("+-=~")
    found = list(text.tokens(word))
    if not found or found[-1].end != len(word) or (_OTHER_MARKS.search(word) and not typed.quote):
        return []
    before = typed.before[: len(typed.before) - len(word)]
    counts = _one_word(index, found[0].exact, limit) if len(found) == 1 else _several(index, word, found[-1], limit)
    suggestions: list[Suggestion] = []
    for exact, count in counts:
        whole = word[: found[-1].start] + _in_the_case_of(word[found[-1].start :], exact)
        suggestions.append(Suggestion(whole, WORD, count, before + whole))
    return suggestions


def _one_word(index: Index, beginning: str, limit: int) -> list[tuple[str, int]]:
    """Return the commonest words, and how many passages hold each; who types a stop word seeks none of them."""
    dull = [word for word in analyser.STOP_WORDS if word.startswith(beginning)]
    found = index.completions(Field.EXACT, beginning, limit + len(dull))
    return [(word, count) for word, count in found if word not in dull][:limit]


def _several(index: Index, typed: str, last: Token, limit: int) -> list[tuple[str, int]]:
    """Return words that go on behind those typed before, in one phrase or one run of a script without spaces."""
    counts: dict[str, int] = {}
    for word, _ in index.completions(Field.EXACT, last.exact, _TRIED):
        terms = [token.exact for token in text.query_tokens(typed[: last.start] + word)]
        clause = Phrase(Field.EXACT, tuple(terms)) if len(terms) > 1 else Term(Field.EXACT, terms[0])
        if count := index.count(clause):
            counts[word] = count
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _in_the_case_of(typed: str, exact: str) -> str:
    """Return a completion with the characters already typed, accents and capitals too, where they still stand."""
    if len(analyser.fold(typed)) != len(typed):
        return exact
    rest = exact[len(typed) :]
    return typed + (rest.upper() if len(typed) > 1 and typed.isupper() else rest)


def _authors(index: Index, typed: Ending, limit: int) -> list[Suggestion]:
    """Return authors for a word typed outside quotes and fields, each as the filter ``by:``."""
    name = typed.value.lstrip(_SIGNS)
    if not text.key(name) or typed.quote or typed.name or _OTHER_MARKS.search(name):
        return []
    signs = typed.value[: len(typed.value) - len(name)]
    return _values(index, Facet.AUTHOR, Ending(f"{typed.head}{signs}by:", name, "by", ""), limit)


def _values(index: Index, facet: Facet, typed: Ending, limit: int) -> list[Suggestion]:
    """Return the commonest values of a facet whose key begins with what was typed, as they are spelt."""
    counts = dict(index.completions(facet, text.key(typed.value), limit * _KEYS))
    found: dict[str, Suggestion] = {}
    for key, name in _spelt(index, facet, counts).items():
        if len(found) == limit:
            break
        shown = name if text.key(name) == key or _is_all(index, name, counts[key]) else _part(name, key)
        found.setdefault(shown, Suggestion(shown, facet.value, counts[key], typed.head + _quoted(shown)))
    return list(found.values())


def _spelt(index: Index, facet: Facet, keys: Iterable[str]) -> dict[str, str]:
    """Return the name behind each key as it is written in the first passage that has it."""
    rows = {key: index.matching(Among(facet, (key,)), 1).tolist() for key in keys}
    passages = index.passages([row for found in rows.values() for row in found])
    articles = index.articles([passage.article_id for passage in passages.values()])
    spelt: dict[str, str] = {}
    for key, found in rows.items():
        passage = passages.get(found[0]) if found else None
        names = _names(facet, passage, articles[passage.article_id]) if passage else ()
        spelt[key] = min(names, key=lambda name: _distance(name, key), default=key)
    return spelt


def _names(facet: Facet, passage: Passage, article: ArticleInfo) -> list[str]:
    """Return the values a passage has of a facet, as written."""
    values: dict[Facet, Iterable[str | None]] = {
        Facet.KIND: (passage.found_as.value,),
        Facet.AUTHOR: (passage.author,) if passage.kind is Kind.COMMENT else article.authors,
        Facet.SOURCE: (article.source,),
        Facet.SECTION: (article.section,),
        Facet.PLACE: (article.place,),
        Facet.TOPIC: article.topics,
        Facet.ARTICLE: (article.id,),
    }
    return [text.squash(value) for value in values[facet] if value]


def _distance(name: str, key: str) -> int:
    """Return 0 for the name of that key, 1 for a name it is a word of, 2 for any other."""
    whole = text.key(name)
    return 0 if whole == key else 1 if key in whole.split() else 2


def _part(name: str, key: str) -> str:
    """Return the word of a name that the key stands for."""
    return next((word for word in name.split() if text.key(word) == key), key)


def _is_all(index: Index, name: str, count: int) -> bool:
    """Whether a part of a name belongs to this one name alone, so that the whole may stand for it."""
    return index.count(Among(Facet.AUTHOR, (text.key(name),))) == count


def _quoted(value: str) -> str:
    """Return a value as a field takes it."""
    if not _NEEDS_QUOTES.search(value):
        return value
    return f"«{value}»" if '"' in value else f'"{value}"'
