"""Feeds: entries as articles, comment feeds as comments, and nothing that grows or is fetched."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from index.sources import feeds
from index.sources.records import Note, NotRead, Skip

if TYPE_CHECKING:
    from index.model import Article

RSS = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://feeds.example/rss-0.91.dtd">
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>
<title>The Harbour &amp; Quay</title><link>https://quay.example/</link>
<item><title>Caf\xe9 &amp;amp; ferry &lt;b&gt;sunk&lt;/b&gt;</title><link>https://quay.example/a?x=1&amp;copy=2</link><guid>tag:1</guid>
<pubDate>Mon, 30 Jun 2014 08:15:00 GMT</pubDate><dc:creator>Ann Lee</dc:creator><category>Ships</category>
<category>Sea</category><description>Short.</description><slash:comments>4</slash:comments>
<wfw:commentRss>https://quay.example/a/feed/</wfw:commentRss>
<content:encoded><![CDATA[<p>First&nbsp;one.</p>
<script>alert(1)</script><p>Second <a href="x">one</a>.</p>]]></content:encoded></item>
<item><title></title><description></description></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title><entry><title>Two</title><id>urn:2</id>
<link rel="alternate" href="https://quay.example/2"/><updated>2014-06-30T10:00:00+02:00</updated>
<author><name>Bo Ray</name></author><author><name>Cy Dee</name></author><category term="t"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://q.example/"><title>Q</title></channel>
<item rdf:about="https://q.example/1"><title>One</title><link>https://q.example/1</link>
<description>Text.</description></item></rdf:RDF>"""
COMMENTS = b"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Comments on: Ferry sunk</title>
<item><title>By: ann</title><link>https://q.example/ferry/#comment-1</link><dc:creator>ann</dc:creator><guid>c1</guid>
<pubDate>Mon, 30 Jun 2014 08:15:00 +0000</pubDate><description>I &lt;i&gt;saw&lt;/i&gt; it.</description></item>
<item><title>By: bo</title><link>https://q.example/ferry/#comment-2</link><description>So did I.</description></item>
</channel></rss>"""
SITE_COMMENTS = (
    COMMENTS.replace(b"Comments on: Ferry sunk", b"Comments for Quay")
    .replace(b"By: ann", b"Comment on Ferry sunk by ann")
    .replace(b"By: bo", b"Comment on Ferry sunk by bo")
)


def read(raw: bytes) -> tuple[list[Article], list[Skip | Note]]:
    events: list[Skip | Note] = []
    assert feeds.looks_like(raw[:65_536])
    return list(feeds.read(raw, "f.xml", events.append)), events


def test_an_entry_is_an_article() -> None:
    (article,), events = read(RSS)
    assert (article.title, article.source, article.url) == (
        "Café & ferry sunk",
        "The Harbour & Quay",
        "https://quay.example/a?x=1&copy=2",
    )
    assert (article.id, article.authors, article.topics) == ("tag:1", ("Ann Lee",), ("Ships", "Sea"))
    assert article.published == datetime(2014, 6, 30, 8, 15, tzinfo=UTC)
    assert article.published_text == "Mon, 30 Jun 2014 08:15:00 GMT"
    assert article.paragraphs == ("First one.", "Second one.")
    assert article.reported_comments == 4
    assert [type(event) for event in events] == [Note, Skip]
    assert events[1] == Skip("f.xml[2]", "no title and no text")


def test_atom_and_rdf() -> None:
    (article,), _ = read(ATOM)
    assert (article.paragraphs, article.authors) == (("One.", "Two."), ("Bo Ray", "Cy Dee"))
    assert article.published == datetime(2014, 6, 30, 8, tzinfo=UTC)
    assert (article.url, article.source, article.topics) == ("https://quay.example/2", "Quay", ("t",))
    (article,), _ = read(RDF)
    assert (article.title, article.source, article.paragraphs) == ("One", "Q", ("Text.",))


@pytest.mark.parametrize("raw", [COMMENTS, SITE_COMMENTS])
def test_a_feed_of_comments_is_one_article(raw: bytes) -> None:
    (article,), _ = read(raw)
    assert (article.title, article.url) == ("Ferry sunk", "https://q.example/ferry/")
    assert [(c.author, c.text) for c in article.comments] == [("ann", "I saw it."), ("bo", "So did I.")]
    assert article.comments[0].posted == datetime(2014, 6, 30, 8, 15, tzinfo=UTC)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">%s]><rss version="2.0"><channel><title>T</title>'
    % b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
)
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "%s">]><rss version="2.0"><channel><title>T</title>' % (b"A" * 50_000)
FILE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'
FILE += b'<rss version="2.0"><channel><title>T</title>'
ITEM = b"<item><title>Title</title><description>%s</description></item></channel></rss>"


@pytest.mark.parametrize("start", [LAUGHS, QUADRATIC, FILE], ids=["laughs", "quadratic", "file"])
def test_entities_do_nothing(start: bytes) -> None:
    before = time.process_time()
    (article,), _ = read(start + ITEM % (b"&a;" * 20_000 + b"&k;"))
    assert time.process_time() - before < 20
    assert article.title == "Title"
    words = "".join(article.paragraphs)
    assert "lol" not in words
    assert "root:" not in words
    assert "AAAA" not in words


def test_entities_declared_again_are_refused() -> None:
    with pytest.raises(NotRead, match="declares entities"):
        read(b'<rss version="2.0"><!ENTITY a "b"><channel/></rss>')


@pytest.mark.parametrize("raw", [b"<rss></rss>", b"<feed></feed>", b"<channel><title>"])
def test_a_feed_without_entries_is_named(raw: bytes) -> None:
    with pytest.raises(NotRead):
        read(raw)


@pytest.mark.parametrize("head", [b"", b"<html><body><feed>", b"text <rss>", b"{}", b"<urlset>"])
def test_what_is_no_feed(head: bytes) -> None:
    assert not feeds.looks_like(head)
