from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from index.model import Kind
from search.citation import TITLE_CHARS, cite
from search.results import Snippet

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.results import Hit

    Make = Callable[..., Hit]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.COMMENT, 'Bo, comment on "The harbour", Herald, 2014-06-29, a1#c2:0-13'),
        (Kind.PARAGRAPH, 'Ann Lee, Cy Ember, "The harbour", paragraph 2, Herald, 2014-06-29, a1#p2:0-13'),
        (Kind.CAPTION, 'Ann Lee, Cy Ember, caption 2 in "The harbour", Herald, 2014-06-29, a1#k2:0-13'),
        (Kind.HEADLINE, 'Ann Lee, Cy Ember, "The harbour", Herald, 2014-06-29, a1#h2:0-13'),
    ],
)
def test_one_line_in_plain_words(hit_of: Make, kind: Kind, told: str) -> None:
    assert cite(hit_of(kind=kind)).text() == told


def test_what_is_unknown_is_left_out(hit_of: Make) -> None:
    citation = cite(hit_of(title=None, source=None, author=None, authors=(), url=None))
    assert citation.text() == "comment on an article without a headline, 2014-06-29, a1#c2:0-13"
    assert citation.to_dict() == {
        "text": citation.text(),
        "id": "a1#c2",
        "start": 0,
        "end": 13,
        "title": None,
        "author": None,
        "source": None,
        "date": "2014-06-29",
        "url": None,
    }


def test_the_span_names_the_characters_of_the_snippet(hit_of: Make) -> None:
    text = "Silt buried the oyster beds."
    hit = hit_of(text, snippet=Snippet(text[5:15], (), 5))
    citation = cite(hit)
    assert (citation.start, citation.end) == (5, 15)
    assert hit.passage.text[citation.start : citation.end] == hit.snippet.text
    assert citation.text().endswith("a1#c2:5-15")


@pytest.mark.parametrize("title", ["word " * 40, "x" * 200, "文" * 200])
def test_long_headlines_are_cut_in_the_line_only(hit_of: Make, title: str) -> None:
    citation = cite(hit_of(title=title))
    shown = citation.text().split('"')[1]
    assert len(shown) <= TITLE_CHARS
    assert shown.endswith("…")
    assert citation.title == title


@pytest.mark.parametrize(
    "odd", ["a\nb\tc", "a\u2028b\u2029c", "\x1b]52;c;eA==\x07x", "\u202eevil", "\ud800", "\x9b31m"]
)
def test_the_line_is_one_line_and_harmless(hit_of: Make, odd: str) -> None:
    told = cite(hit_of(title=odd, author=odd, source=odd)).text()
    assert told.encode("utf-8")
    assert not [char for char in told if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert "\u202e" not in told
