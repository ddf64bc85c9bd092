"""Saved HTML pages: the story, what the page says about it, and nothing that stands around it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from index.sources import html_page
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.model import Article

STORY = (
    "LITTLE WENDING — A goat that had spent nine days on the roof of a bakery came down on Tuesday of its own accord.",
    "The baker, who had raised prices twice to pay for hay, said she would miss the customers it drew to her door.",
    "The parish council will discuss at its next meeting whether goats need a licence to graze above the ground floor.",
)
HEAD = """<meta charset="utf-8"><title>Goat comes down from bakery | Wending Post</title>
<link rel="canonical" href="https://post.example/goat">
<meta property="og:site_name" content="Wending Post">
<meta property="og:title" content="Goat comes down from bakery">
<meta property="article:published_time" content="2011-05-03T18:30:00+01:00">
<meta property="article:section" content="Animals"><meta property="article:tag" content="goats">
<meta name="author" content="Ann Lee and Bo Quist">"""
ABOUT = {
    "@context": "https://schema.org",
    "@type": ["NewsArticle"],
    "headline": "Goat comes down &amp; stays down",
    "datePublished": "2011-05-03T18:30:00+01:00",
    "author": [{"@type": "Person", "name": "Ann Lee"}],
    "editor": {"@type": "Person", "name": "Dee Fox"},
    "articleSection": "Animals",
    "keywords": "goats, bread",
    "publisher": {"@type": "Organization", "name": "Wending Post"},
    "url": "https://post.example/goat?utm_source=x",
    "commentCount": "2",
}


def page(head: str = HEAD, before: str = "", after: str = "", inside: str = "") -> str:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return f"""<!DOCTYPE html><html lang="en"><head>{head}</head><body>
<div class="cookie-bar"><p>We use cookies to measure how this site is read by everyone who comes here.</p></div>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<main><article><h1>Goat comes down from bakery</h1>{before}
<div class="story">{story}{inside}</div></article>{after}</main>
<footer><p>Copyright Wending Post. All rights reserved, including those of goats.</p></footer></body></html>"""


def jsonld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({**ABOUT, **fields})}</script>'


def read(text: str) -> Article:
    return html_page.read(text, "goat.html")


def test_story_and_facts_from_meta_elements() -> None:
    article = read(page())
    assert article.paragraphs == STORY
    assert article.title == "Goat comes down from bakery"
    assert article.url == "https://post.example/goat"
    assert article.source == "Wending Post"
    assert article.section == "Animals"
    assert article.topics == ("goats",)
    assert article.authors == ("Ann Lee", "Bo Quist")
    assert article.place == "LITTLE WENDING"
    assert article.published is not None
    assert article.published.isoformat() == "2011-05-03T17:30:00+00:00"
    assert (article.comments, article.reported_comments) == ((), None)


def test_json_ld_counts_before_meta_elements() -> None:
    article = read(page(head="<title>x</title>" + jsonld()))
    assert article.title == "Goat comes down & stays down"
    assert article.authors == ("Ann Lee",)
    assert article.editors == ("Dee Fox",)
    assert article.topics == ("goats", "bread")
    assert article.published_text == "2011-05-03T18:30:00+01:00"
    assert article.reported_comments == 2


def test_authors_by_reference_in_a_graph() -> None:
    graph = {"@graph": [{**ABOUT, "author": {"@id": "#ann"}}, {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]}
    script = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert read(page(head=script)).authors == ("Ann Lee",)


def test_the_printed_time_is_kept() -> None:
    stamp = '<time datetime="2011-05-03T18:30:00+01:00">3 May 2011, half past six</time>'
    assert read(page(before=stamp)).published_text == "3 May 2011, half past six"


def test_microdata() -> None:
    text = (
        """<html itemscope itemtype="https://schema.org/WebPage"><body><article itemscope>
    <h1 itemprop="headline">Goat comes down from bakery</h1><p>By <span itemprop="author">Ann Lee</span></p>
    <meta itemprop="commentCount" content="5"><time itemprop="datePublished" datetime="2011-05-03">3 May</time>
    <div itemprop="articleBody">"""
        + "".join(f"<p>{p}</p>" for p in STORY)
        + "</div></article></body></html>"
    )
    article = read(text)
    assert article.paragraphs == STORY
    assert (article.title, article.authors, article.reported_comments) == (
        "Goat comes down from bakery",
        ("Ann Lee",),
        5,
    )
    assert article.published_text == "3 May"


def test_a_page_without_a_date_has_none() -> None:
    article = read(page(head="<title>Goat comes down from bakery</title>"))
    assert (article.published, article.published_text) == (None, None)


def test_captions_are_no_paragraphs_and_come_once_without_credit() -> None:
    caption = "A goat looks down from a roof. <small>Wire/Ann Lee</small>"
    figure = f"<figure><img src='x'><figcaption>{caption}</figcaption></figure>"
    article = read(page(before=figure, inside=figure))
    assert article.captions == ("A goat looks down from a roof.",)
    assert article.paragraphs == STORY


@pytest.mark.parametrize(
    "furniture",
    [
        '<aside class="newsletter"><p>Sign up for our letter about goats and other animals in high places.</p></aside>',
        '<div class="share-buttons"><p>Share this story about the goat with all of your friends and family.</p></div>',
        '<p class="correction">Correction: an earlier version of this story called the goat a ram.</p>',
        '<div class="related"><p>Also read: The cow that would not leave the library, however it was asked.</p></div>',
        '<p class="byline">By Ann Lee in Little Wending, with reports from the other end of the village.</p>',
        '<blockquote aria-hidden="true"><p>She would miss the customers it drew to her door.</p></blockquote>',
    ],
)
def test_furniture_is_no_paragraph(furniture: str) -> None:
    assert read(page(inside=furniture)).paragraphs == STORY


def test_comments_and_their_policy_are_no_paragraphs() -> None:
    comments = """<section id="comments"><h2>2 comments</h2>
    <p class="rules">Keep it kind, and keep it about goats, or an editor will come down on you from the roof.</p>
    <div class="comment" id="c1"><b class="author">tom</b><p>It will be back, goats always are, mark my words.</p></div>
    </section>"""
    article = read(page(after=comments))
    assert article.paragraphs == STORY
    assert [comment.text for comment in article.comments] == ["It will be back, goats always are, mark my words."]
    assert article.reported_comments == 2


def test_comments_only_in_json_ld() -> None:
    listed = [
        {"@type": "Comment", "@id": "https://post.example/goat#m1", "author": {"name": "tom"}, "text": "One </script"},
        {"@type": "Comment", "author": "ann", "text": "Two", "parentItem": {"@id": "https://post.example/goat#m1"}},
        {"@type": "Comment", "author": 5, "text": ["no text"]},
    ]
    head = jsonld(comment=listed).replace('</script"', '<\\/script"')
    one, two = read(page(head=head)).comments
    assert (one.id, one.author, one.text) == ("m1", "tom", "One </script")
    assert (two.id, two.author, two.parent) == ("2", "ann", "m1")


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("Comments (14)", 14),
        ("1,204 Comments", 1204),
        ("3 responses to “Goat comes down”", 3),
        ("One comment", 1),
        ("5 Kommentare", 5),
        ("Comments", None),
        ("7 dwarves", None),
    ],
)
def test_printed_counts(heading: str, count: int | None) -> None:
    assert read(page(after=f'<div class="comments-area"><h3>{heading}</h3></div>')).reported_comments == count


def test_a_heading_elsewhere_is_no_count() -> None:
    assert read(page(inside="<h2>3 responses to the goat</h2><p>A first response.</p>")).reported_comments is None


def test_the_same_page_saved_twice_is_one_article() -> None:
    with_tracking = page().replace("https://post.example/goat", "http://post.example/goat?utm_source=mail#top")
    assert read(page()).id == read(with_tracking).id


def test_a_front_page_is_no_address() -> None:
    assert read(page().replace("https://post.example/goat", "https://post.example/")).url is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/goat", "http://[::1", "file:///etc/passwd"])
def test_only_web_addresses_are_addresses(url: str) -> None:
    assert read(page().replace("https://post.example/goat", url)).url is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html></html>",
        "<html><head><title>Only a title</title></head><body><p>Short</p></body></html>",
        "<div>" * 5000,
        "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">",
        "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><html><p>&a;</p></html>",
    ],
)
def test_pages_without_a_story_are_not_read(text: str) -> None:
    with pytest.raises(NotRead):
        read(text)


def test_entities_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    article = read(f'<!DOCTYPE html [<!ENTITY e0 "aaaaaaaaaa">{bomb}]>' + page(inside="<p>&e8;</p>"))
    assert sum(map(len, article.paragraphs)) < 1000


def test_escape_sequences_do_not_come_through() -> None:
    article = read(
        page(inside="<p>Then the goat said &#27;]52;c;aGk=&#7; and &#x202E;backwards&#x9b;31m to the man.</p>")
    )
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char == "\u202e" for char in article.paragraphs[-1])


def test_nothing_heavy_is_imported_before_the_first_page() -> None:
    code = "import sys, index.sources.walk; print(sorted({'trafilatura', 'lxml', 'dateutil'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
