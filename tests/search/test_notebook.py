from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from index import text
from search.notebook import to_html
from search.results import SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.results import Hit, Results

HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table></div><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "&lt;b&gt; &amp; & <b>",
    "$\\href{javascript:alert(1)}{x}$",
    "**bold** [red]x[/red] <!-- -->",
    "\x1b[31m\x9b\x07 \u202e \ud800 \u2028",
    "one\ntwo",
]
TAGS = {"div", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "b", "a", "mark", "em"}
ATTRIBUTES = {"class", "dir", "href", "rel", "target"}


class Page(HTMLParser):
    """What a browser would see: tags and their attributes, and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text = ""
        self.comments = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= dict(attrs)
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments += 1


@pytest.mark.parametrize("odd", HOSTILE)
def test_hostile_text_is_text(hit_of: Callable[..., Hit], results_of: Callable[..., Results], odd: str) -> None:
    hit = hit_of(odd, lit=odd[1:4], title=odd, author=odd, source=odd, url=odd, why=odd)
    page = to_html(results_of(hit, query=odd, warnings=(odd,), did_you_mean=odd))
    seen = Page(page)
    assert set(seen.tags) <= TAGS
    assert set(seen.attributes) <= ATTRIBUTES
    assert not seen.comments
    assert seen.tags.count("tr") == 2
    assert seen.text.count(text.clean(odd).splitlines()[0]) >= 3
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


@pytest.mark.parametrize(("kind", "tag"), [(SpanKind.WORD, "mark"), (SpanKind.MEANING, "em")])
def test_spans_are_lit(
    hit_of: Callable[..., Hit], results_of: Callable[..., Results], kind: SpanKind, tag: str
) -> None:
    page = to_html(results_of(hit_of(lit="oysters", span=kind)))
    assert f"Poor <{tag}>oysters</{tag}>!" in page


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("https://news.example/?a=b&c=d", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://x.example/\" onclick='x'", False),
        (" https://x.example", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(
    hit_of: Callable[..., Hit], results_of: Callable[..., Results], url: str | None, is_linked: bool
) -> None:
    seen = Page(to_html(results_of(hit_of(url=url))))
    assert seen.attributes.get("href") == (url if is_linked else None)


def test_an_empty_page_says_so(results_of: Callable[..., Results]) -> None:
    seen = Page(to_html(results_of(total=0)))
    assert "0 of 0 passages for 'oysters'" in seen.text
    assert "about 12" in Page(to_html(results_of(total=12, total_is_exact=False))).text


def test_mathjax_keeps_out(results_of: Callable[..., Results]) -> None:
    assert to_html(results_of()).startswith('<div class="tex2jax_ignore mathjax_ignore">')
