"""The work of reading grows with the size of a page, not with its square: calls are counted, not seconds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from index.sources import dump_comments, html_comments, markup, page_furniture

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = "some words of a comment that somebody wrote "


def flat(count: int) -> str:
    one = f'<div class="comment"><b class="author">ann</b><span class="date">3 June 2014</span><p>{WORDS}</p></div>'
    return f"<html><body><h1>The headline</h1>{one * count}</body></html>"


def unnamed(count: int) -> str:
    one = f'<div class="row"><p>{WORDS}</p><p class="by">Posted by: Ann, 3 June 2014</p></div>'
    return f'<html><body><h1>The headline</h1><div id="comments">{one * count}</div></body></html>'


def inline(count: int) -> str:
    spans = "<span>word </span>" * count
    return f'<html><body><h1>The headline</h1><div class="comment"><b class="author">ann</b>{spans}</div></body></html>'


def dump(count: int) -> str:
    return "Comments\n" + f"Ann says:\n3 June 2014\n{WORDS}\nReply\n" * count


def read_html(text: str) -> None:
    root = markup.parse(text)
    page_furniture.lines_of(root)
    html_comments.take_comments(root)


def read_dump(text: str) -> None:
    lines = text.split("\n")
    dump_comments.find(lines, [0] * len(lines))


def calls(read: Callable[[str], None], text: str) -> int:
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("page", "read"), [(flat, read_html), (unnamed, read_html), (inline, read_html), (dump, read_dump)]
)
def test_four_times_the_page_is_about_four_times_the_work(
    page: Callable[[int], str], read: Callable[[str], None]
) -> None:
    read(page(2))
    assert calls(read, page(160)) <= 6 * calls(read, page(40))
