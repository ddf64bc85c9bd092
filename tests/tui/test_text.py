"""The door: what comes through it is literal, harmless, and lit where it should be."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.style import Style
from textual.visual import RenderOptions

from index.text import clean
from search.results import Span, SpanKind
from tui import text

if TYPE_CHECKING:
    from textual.content import Content

NASTY = (
    "[/",
    "[red]x[/red]",
    "[@click=app.bell]ring[/]",
    "[Foo]",
    "a trailing \\",
    "\x1b[2J\x1b]0;title\x07",
    "\x1b]52;c;Z290Y2hh\x1b\\",
    "\x9b31m",
    "\u202eesrever\u202c \u2066isolated\u2069",
    "lone \ud800 and \udfff",
    "zero\u200bwidth\u200d\ufeff",
    "a\tb\r\nc\x0bd\x85e\u2028f",
    "soft\xadhyphen",
)
hostile = st.lists(st.sampled_from(NASTY) | st.text(st.characters()), max_size=6).map("".join)


def drawn(content: Content, width: int = 40) -> list[str]:
    """Return the lines as the terminal gets them."""
    options = RenderOptions(lambda style: Style() if isinstance(style, str) else style, {})
    return [strip.text for strip in content.render_strips(width, None, Style(), options)]


def is_harmless(line: str) -> bool:
    bidi = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    return not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or ord(char) in bidi for char in line)


def lighted(content: Content) -> list[str]:
    """Return the pieces of text that are highlighted."""
    styles = set(text.LIT.values())
    return [content.plain[span.start : span.end] for span in content.spans if span.style in styles]


@pytest.mark.parametrize("nasty", NASTY)
def test_markup_is_shown_and_control_characters_are_not(nasty: str) -> None:
    for content in (text.plain(nasty), text.line(nasty, "bold"), text.lit(nasty, [Span(0, 2)])):
        assert all(is_harmless(line) for line in drawn(content))
    assert text.plain(nasty).plain == clean(nasty).replace("\t", " ")


@settings(deadline=None)
@given(hostile)
def test_whatever_is_said_is_drawn_harmlessly(said: str) -> None:
    contents = (text.plain(said), text.line(said), text.lit(said, [Span(0, len(said))]))
    assert all(is_harmless(line) for content in contents for line in drawn(content))


@settings(deadline=None)
@given(hostile, st.data())
def test_highlights_stay_on_their_words_when_cleaning_changes_lengths(said: str, data: st.DataObject) -> None:
    ends = st.integers(-2, len(said) + 2)
    spans = [Span(*sorted(pair)) for pair in data.draw(st.lists(st.tuples(ends, ends), max_size=4))]
    wanted = [clean(said[max(span.start, 0) : max(span.end, 0)]).replace("\t", " ") for span in spans]
    # A span cut between CR and LF keeps both as line breaks; so many they are is of no consequence.
    got = [piece.replace("\n\n", "\n") for piece in lighted(text.lit(said, spans))]
    assert got == [piece.replace("\n\n", "\n") for piece in wanted if piece]


def test_a_highlight_after_stripped_characters_is_right() -> None:
    said = "\x1b\x1b“Ah” 👩‍👧 the wall"
    content = text.lit(said, [Span(said.index("wall"), len(said))])
    assert lighted(content) == ["wall"]


def test_words_and_meaning_differ_without_colour() -> None:
    word, meaning = (text.LIT[kind].split(" $")[0] for kind in (SpanKind.WORD, SpanKind.MEANING))
    assert word
    assert meaning
    assert word != meaning


def test_one_line_stays_one_line() -> None:
    assert text.line(" a\n b\u00a0\t c ").plain == "a b c"
    assert lighted(text.lit("a \n\n b", [Span(5, 6)], flat=True)) == ["b"]
    assert text.lit("a \n\n b", [Span(5, 6)], flat=True).plain == "a b"


def test_a_very_long_line_is_wrapped_and_lit() -> None:
    said = "x" * 100_000 + " wall"
    content = text.lit(said, [Span(100_001, 100_005)])
    assert lighted(content) == ["wall"]
    assert max(map(len, drawn(content))) <= 40


@pytest.mark.parametrize("height", [1, 2, 3])
def test_an_excerpt_shows_the_first_match(height: int) -> None:
    said = "word " * 60 + "wall " + "word " * 60
    shown = text.excerpt(text.lit(said, [Span(300, 304)]), 30, height)
    assert len(shown) == height
    assert any("wall" in part.plain for part in shown)
    assert all(part.cell_length <= 30 for part in shown)
    assert shown[0].plain.startswith("…")
    assert shown[-1].plain.endswith("…")


def test_an_excerpt_of_little_is_all_of_it() -> None:
    assert [part.plain for part in text.excerpt(text.plain("short"), 30, 2)] == ["short"]


def test_times_are_shown_in_utc() -> None:
    assert text.stamp(datetime(2014, 6, 29, 14, 51, tzinfo=timezone(timedelta(hours=2)))) == "2014-06-29 12:51"
    assert text.stamp(None) == ""
