"""Markdown: front matter, headline, text without marks and with all its words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.sources import markdown
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.model import Article

BODY = """# The *ferry* is lost

Men of the **harbour** [saw](https://quay.example/a_b) it, `so_they` said,
![A boat](boat.jpg) at snake_case\\_noon<br>.

## Later

- one ~~two~~
- three
  > quoted

| a | b |
|---|---|
| *c* | d |

```
some code here
```

<div>Some <b>HTML</b></div>
"""
PARAGRAPHS = (
    *("Men of the harbour saw it, so_they said, at snake_case_noon.", "Later", "one two", "three", "quoted"),
    *("a b", "c d", "some code here", "Some HTML"),
)


def read(text: str) -> Article:
    assert markdown.looks_like(text, Path("a.md"))
    return markdown.read(text, "a.md")


def test_text_without_marks() -> None:
    article = read(BODY)
    assert (article.title, article.paragraphs, article.captions) == ("The ferry is lost", PARAGRAPHS, ("A boat",))
    assert article.path == "a.md"


YAML = """---
title: "Ferry: lost"
date: 2014-06-30 08:15
author: [Ann Lee, Bo Ray]
tags: a, b
url: https://quay.example/ferry
ref: &x [1]
other: [*x, *x]
---
"""
TOML = """+++
title = "Ferry: lost"
date = 2014-06-30T08:15:00Z
authors = "By Ann Lee and Bo Ray"
tags = ["a", "b"]
url = "https://quay.example/ferry"
+++
"""


@pytest.mark.parametrize("front", [YAML, TOML])
def test_front_matter(front: str) -> None:
    article = read(front + BODY)
    assert (article.title, article.authors, article.topics) == ("Ferry: lost", ("Ann Lee", "Bo Ray"), ("a", "b"))
    assert (article.published, article.url) == (datetime(2014, 6, 30, 8, 15, tzinfo=UTC), "https://quay.example/ferry")
    assert article.paragraphs == ("The ferry is lost", *PARAGRAPHS)


def test_a_byline_and_a_date_below_the_headline() -> None:
    article = read("Ferry lost\n==========\n\nBy Ann Lee\n\nJune 30, 2014\n\nIt sank.\n")
    assert (article.title, article.authors, article.paragraphs) == ("Ferry lost", ("Ann Lee",), ("It sank.",))
    assert article.published == datetime(2014, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "front",
    [
        "---\n!!python/object/apply:os.system ['true']\n---\n",
        "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
        "---\n" + "[" * 5000 + "\n---\n",
        "+++\na = \n+++\n",
        "---\nno end\n",
        "---\n- a list\n---\n",
    ],
    ids=["object", "aliases", "deep", "broken", "open", "list"],
)
def test_odd_front_matter_is_harmless(front: str) -> None:
    assert "It sank." in read(f"{front}\n# Ferry\n\nIt sank.\n").paragraphs


@pytest.mark.parametrize("text", ["", "---\ntitle:\n---\n", "![](x)", "   \n"])
def test_without_text_it_is_not_read(text: str) -> None:
    with pytest.raises(NotRead, match="no title and no text"):
        read(text)


@pytest.mark.parametrize("mark", ["[", "*a ", "`", "<a ", "> ", "- ", "![a](", "&", "_a__b", "|a"])
def test_thousands_of_marks_take_no_time(mark: str) -> None:
    read("Words\n\n" + mark * 20_000 + " words")


def test_which_files_it_is_for() -> None:
    assert markdown.looks_like("", "a.markdown.gz")
    assert markdown.looks_like("---\ntitle: x\n---\n", "a.txt")
    assert not markdown.looks_like("---\nA story\n", "a.txt")
    assert not markdown.looks_like("---\ntitle: x\n---\n", "a.html")
