"""Answers in words: what is said of results, hits, counts and the index, one thing a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.model import Kind
from search.results import kind_of
from tui.commands import QUERY_LANGUAGE
from tui.plain.commands import ASK, COMMANDS
from tui.plain.wording import ELLIPSIS, counted, listed, marked, short, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import Passage
    from index.protocol import IndexInfo
    from search.results import Hit, Results
    from tui.plain.commands import Command

NUMBERED: Final = {Kind.CAPTION: "caption", Kind.PARAGRAPH: "paragraph", Kind.FURNITURE: "line"}
"""What is said with its number: there is one headline, and a comment is known by its author."""

MORE_LANGUAGE: Final = (
    ("+flood river", "with this word in any case"),
    ("flood*", "words that begin so"),
    ("after:2019-03-01", "only since that day; or before: and on:"),
    ('~"rising water"', "by meaning alone"),
)
"""More of the query language by example, for a help that has room."""


def totals(results: Results, first: int, what: str, *, is_full: bool) -> str:
    """Return how many results there are for ``what``, and that those from number ``first`` on are shown."""
    if not results:
        return "No more results." if first > 1 else f"Nothing found for {what}."
    last = first + len(results) - 1
    about = "" if results.total_is_exact else "About "
    # Of what is merely like something, nobody knows how many there are.
    is_known = results.total > last or (results.total == last and (results.total_is_exact or not is_full))
    found = f"{about}{counted(results.total, 'result')}" if is_known else "Results"
    if first == 1 and last == results.total and not is_full:
        return f"{found} for {what}."
    shown = f"{first}" if first == last else f"{first} to {last}"
    return f"{found} for {what}, {shown} shown" + ("; type more for the next." if is_full else ".")


def hit_lines(number: int, hit: Hit) -> Iterator[str]:
    """Yield a result: number, kind and headline; author, time and source; the snippet; what it has to do with."""
    snippet = _snippet(hit)
    if hit.passage.kind is Kind.HEADLINE:  # said once is enough
        yield f"{number}. {_kind(hit.passage)}: {snippet}"
    else:
        yield f"{number}. {naming(hit)}"
    yield f"By {origin(hit)}" if hit.author else origin(hit)
    if hit.passage.kind is not Kind.HEADLINE:
        yield snippet
    yield from _relations(hit)


def naming(hit: Hit) -> str:
    """Return what a hit is: ``Paragraph 3 in: The harbour``."""
    return f"{_kind(hit.passage)} in: {short(hit.article.title or 'an article without a headline')}"


def origin(hit: Hit) -> str:
    """Return who wrote a hit, when and where."""
    return listed((hit.author, stamp(hit.when), hit.article.source))


def why_lines(number: int, hit: Hit) -> Iterator[str]:
    """Yield why a hit was found, and what its score is made of."""
    yield f"Result {number}: {hit.why or 'it is what was asked for'}"
    told = hit.explain()
    yield f"Score {told.score:.3f}, which is made of:"
    for part in told.parts:
        yield f"{part.value:.3f} from {part.name} {part.raw:.3g}"


def info_lines(info: IndexInfo) -> Iterator[str]:
    """Yield what the index holds."""
    counts = [counted(info.articles, "article")]
    counts += [f"{count:,} {kind.plural}" for kind, count in info.passages.items()]
    yield ", ".join(counts)
    yield f"Built {stamp(info.built)}" + (f", brought up to date {stamp(info.synced)}" if info.synced else "")
    yield f"Meaning by {short(info.model)}" if info.model else "By words only: it was built without a model"
    yield f"Stands in {info.path}"


def help_lines() -> Iterator[str]:
    """Yield the commands, then the query language by example."""
    yield "Type words to search for them, or a command:"
    for command in (*COMMANDS, ASK):
        yield f"{_call(command)}: {command.help}"
    yield "In results, [words] of the query stand between brackets, {sentences near it in meaning} between braces."
    yield "Queries by example:"
    for typed, meaning in (*QUERY_LANGUAGE, *MORE_LANGUAGE):
        yield f"{typed} : {meaning}"


def _call(command: Command) -> str:
    behind = f" {command.usage}" if command.usage else ""
    brief = f" or {command.short}" if command.short else ""
    return f"{command.name}{brief}{behind}"


def _kind(passage: Passage) -> str:
    name = kind_of(passage)
    if (noun := NUMBERED.get(passage.kind)) is None:
        return name.capitalize()
    words = name.replace(Kind.FURNITURE, f"furniture {noun}") if passage.kind is Kind.FURNITURE else name
    return words.replace(noun, f"{noun} {passage.position:,}", 1).capitalize()


def _snippet(hit: Hit) -> str:
    """Return the snippet and its further fragments in the order of the text, matches marked."""
    shown = sorted((hit.snippet, *hit.fragments), key=lambda snippet: snippet.start)
    words = f" {ELLIPSIS} ".join(marked(snippet.text, snippet.spans) for snippet in shown)
    before = f"{ELLIPSIS} " if shown[0].start else ""
    after = f" {ELLIPSIS}" if shown[-1].start + len(shown[-1].text) < len(hit.passage.text) else ""
    return " ".join(f"{before}{words}{after}".split())


def _relations(hit: Hit) -> Iterator[str]:
    if hit.answers:
        yield f"Answers paragraph {position(hit.answers)}"
    if hit.answered_by:
        yield f"Answered by {counted(len(hit.answered_by), 'comment')}"
    if hit.duplicates:
        yield f"Found again in {counted(len(hit.duplicates), 'reprint')}"
    if hit.more:
        yield f"{counted(len(hit.more), 'more passage')} of this article found"


def position(passage_id: str) -> str:
    """Return the number of a passage within its kind, from its id (``a1#p3`` -> ``3``)."""
    return passage_id.rpartition("#")[2][1:]
