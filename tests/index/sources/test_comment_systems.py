"""The markups of common comment systems, threads, and comments that were removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.sources import markup
from index.sources.html_comments import take_comments
from index.sources.removed import is_removed

if TYPE_CHECKING:
    from index.model import Comment

BLOGGER = """<dl id="comments-block"><dt class="comment-author" id="c101"><a href="/p/1">Ann</a> said...</dt>
<dd class="comment-body"><p>A goat, then.</p></dd><dd class="comment-footer"><span class="comment-timestamp">
<a href="#c101">April 2, 2012 10:30 AM</a></span></dd>
<dt class="comment-author" id="c102">Bo said...</dt><dd class="comment-body"><p>Two goats.</p></dd>
<dd class="comment-footer"><span class="comment-timestamp">April 2, 2012 10:45 AM</span></dd></dl>"""
OLD_REDDIT = """<div class="sitetable"><div class="thing comment" data-fullname="t1_a"><div class="entry"><p
class="tagline">
<a class="author" href="/user/ann">ann</a> <time datetime="2014-06-29T10:00:00+00:00">3 years ago</time></p>
<div class="usertext-body"><div class="md"><p>First.</p></div></div></div><div class="child"><div class="sitetable">
<div class="thing comment" data-fullname="t1_b"><div class="entry"><p class="tagline"><em>[deleted]</em>
<time datetime="2014-06-29T11:00:00+00:00">3 years ago</time></p>
<div class="usertext-body"><div class="md"><p>[removed]</p></div></div></div></div></div></div></div></div>"""
NEW_REDDIT = """<shreddit-comment author="ann" thingid="t1_a" depth="0" created="2024-06-29T10:00:00.000000+0000">
<div slot="comment"><p>First.</p></div></shreddit-comment>
<shreddit-comment author="bo" thingid="t1_b" depth="1" parentid="t1_a" created="2024-06-29T11:00:00.000000+0000">
<div slot="comment"><p>Second.</p></div></shreddit-comment>"""
LIVEFYRE = """<div id="livefyre-comment"><article class="fyre-comment-article"><header class="fyre-comment-head">
<a class="fyre-comment-username">Ann Lee</a></header><section class="fyre-comment-body"><div class="fyre-comment">
<p>First.</p></div></section><div class="fyre-comment-replies fyre-comment-container">
<article class="fyre-comment-article"><a class="fyre-comment-username">Bo</a><section class="fyre-comment-body">
<div class="fyre-comment"><p><a href="/user/ann" class="mention">@Ann Lee</a> Second.</p></div></section></article>
<article class="fyre-comment-article"><a class="fyre-comment-username">Cy</a><section class="fyre-comment-body">
<div class="fyre-comment"><p>Third.</p></div></section></article></div></article>
<article class="fyre-comment-article"><a class="fyre-comment-username">Di</a><section class="fyre-comment-body">
<div class="fyre-comment"><p>Fourth.</p></div></section></article></div>"""
WPDISCUZ = """<div class="wc-comment" id="wc-comm-1_0"><div class="wc-comment-right" id="comment-1">
<div class="wc-comment-author">Ann</div><div class="wc-comment-text"><p>First.</p></div></div>
<div class="wc-comment wc-reply" id="wc-comm-2_1"><div class="wc-comment-right" id="comment-2">
<div class="wc-comment-author">Bo</div><div class="wc-comment-text"><p>Second.</p></div></div></div></div>"""
NAVER = """<ul><li class="u_cbox_comment"><span class="u_cbox_nick">abcd****</span>
<span class="u_cbox_date" data-value="2014-06-29T10:00:00+0900">2014.06.29. 10:00</span>
<span class="u_cbox_contents">좋은 기사입니다</span></li><li class="u_cbox_comment">
<span class="u_cbox_delete_contents">작성자에 의해 삭제된 댓글입니다</span></li></ul>"""
DISQUS = """<ul><li class="post" id="post-1"></li></ul><ul id="dsq-comments"><li id="dsq-comment-1"><div
id="dsq-comment-header-1">
<cite id="dsq-cite-1">http://ann.example <span id="dsq-author-user-1">Ann Lee</span></cite></div>
<div id="dsq-comment-body-1"><div id="dsq-comment-message-1"><p>First.</p></div></div></li></ul>"""
CORAL = """<div class="coral-comment coral-indent-0" id="comment-a1"><span class="coral-username">ann</span>
<time class="coral-timestamp" datetime="2024-06-29T10:00:00Z">2 days ago</time>
<div class="coral-comment-content">First.</div></div>
<div class="coral-comment coral-indent-1" id="comment-b2"><span class="coral-username">bo</span>
<div class="coral-comment-content">Second.</div></div>"""
FORUM = """<div class="post" id="p1001"><p class="author"><a class="username">ann</a> » Sun Jun 29, 2014 10:00 am</p>
<div class="content">The question.</div></div><div class="post" id="p1002"><p class="author"><a class="username">bo</a>
» Sun Jun 29, 2014 11:00 am</p><div class="content">The answer.</div></div>"""
DISCOURSE = """<div class="topic-post" ><article id="post_1" data-post-id="10"><div class="names"><span
class="username">ann</span></div>
<div class="cooked"><p>The question.</p></div></article></div><div class="topic-post"><article id="post_2"><div
class="names">
<span class="username">bo</span></div><span class="relative-date" data-time="1404036000000">2d</span>
<div class="cooked"><p>The answer.</p></div></article></div>"""
UNNAMED = """<div id="visitor-comments"><div class="row"><p>One thought.</p><p
class="by">Posted by: Ann Lee, 17 Sep 2012 | 14:21</p>
</div><div class="row"><p>Another thought.</p><p class="by">Posted by: Bo Ray, 17 Sep 2012 | 17:52</p></div></div>"""
HEADS = """<div id="comment_list"><div class="block"><div class="x_comment"><span class="x_comment_author">Ann</span>
<span class="date">3 June 2014</span></div><div class="said"><p>One thought, and a long one.</p></div></div>
<div class="block"><div class="x_comment"><span class="x_comment_author">Bo</span><span
class="date">4 June 2014</span></div>
<div class="said"><p>Another thought, and longer.</p></div></div></div>"""
FOOT = """<li class="comment" id="comment-7"><div class="comment-author vcard"><p>A whole thought.</p>
<p><cite>Kommentar von <span class="fn">Ann</span> — 2018-02-01 @ 00:50</cite> <span
class="reply">| Antworten</span></p></div></li>"""
SAID = """<li class="comment" id="comment-8"><div class="comment-author vcard"><strong
class="fn">Ann</strong> said, on August 6, 2018
at <a href="#">2:10 pm</a></div><p>A thought.</p></li>"""

Row = tuple[str | None, str | None, str, str | None]


def read(body: str) -> tuple[Comment, ...]:
    return take_comments(markup.parse(f"<html><body><h1>The headline</h1>{body}</body></html>"))


def rows(body: str) -> list[Row]:
    comments = read(body)
    by_id = {comment.id: comment.author for comment in comments}
    return [
        (c.author, c.posted and f"{c.posted:%Y-%m-%d %H:%M}", c.text, by_id.get(c.parent) if c.parent else None)
        for c in comments
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            BLOGGER,
            [("Ann", "2012-04-02 10:30", "A goat, then.", None), ("Bo", "2012-04-02 10:45", "Two goats.", None)],
        ),
        (OLD_REDDIT, [("ann", "2014-06-29 10:00", "First.", None), (None, "2014-06-29 11:00", "[removed]", "ann")]),
        (NEW_REDDIT, [("ann", "2024-06-29 10:00", "First.", None), ("bo", "2024-06-29 11:00", "Second.", "ann")]),
        (
            LIVEFYRE,
            [
                ("Ann Lee", None, "First.", None),
                ("Bo", None, "@Ann Lee Second.", "Ann Lee"),
                ("Cy", None, "Third.", "Ann Lee"),
                ("Di", None, "Fourth.", None),
            ],
        ),
        (WPDISCUZ, [("Ann", None, "First.", None), ("Bo", None, "Second.", "Ann")]),
        (
            NAVER,
            [
                ("abcd****", "2014-06-29 01:00", "좋은 기사입니다", None),
                (None, None, "작성자에 의해 삭제된 댓글입니다", None),
            ],
        ),
        (DISQUS, [("Ann Lee", None, "First.", None)]),
        (CORAL, [("ann", "2024-06-29 10:00", "First.", None), ("bo", None, "Second.", "ann")]),
        (FORUM, [("bo", "2014-06-29 11:00", "The answer.", None)]),
        (DISCOURSE, [("bo", "2014-06-29 10:00", "The answer.", None)]),
        (
            UNNAMED,
            [
                ("Ann Lee", "2012-09-17 14:21", "One thought.", None),
                ("Bo Ray", "2012-09-17 17:52", "Another thought.", None),
            ],
        ),
        (
            HEADS,
            [
                ("Ann", "2014-06-03 00:00", "One thought, and a long one.", None),
                ("Bo", "2014-06-04 00:00", "Another thought, and longer.", None),
            ],
        ),
        (FOOT, [("Ann", "2018-02-01 00:50", "A whole thought.", None)]),
        (SAID, [("Ann", "2018-08-06 14:10", "A thought.", None)]),
    ],
    ids=[
        *("blogger", "old-reddit", "new-reddit", "livefyre", "wpdiscuz", "naver", "disqus", "coral", "forum"),
        *("discourse", "unnamed", "heads", "foot", "said"),
    ],
)
def test_systems(body: str, expected: list[Row]) -> None:
    assert rows(body) == expected


GONE = """<div class="comment"><span>level 1</span><span data-testid="head"><span>Comment removed by moderator</span>
<span> · </span><a id="made-created">3 yr. ago</a></span></div>"""


def test_removed_comments_keep_their_place() -> None:
    (gone,) = read(GONE)
    assert (gone.author, gone.text, gone.removed) == (None, "Comment removed by moderator", True)
    assert [comment.removed for comment in read(OLD_REDDIT)] == [False, True]
    assert [comment.removed for comment in read(NAVER)] == [False, True]


@pytest.mark.parametrize(
    "notice",
    [
        *("[deleted]", "[removed]", "Comment removed by moderator", "This comment has been removed by a moderator."),
        *(
            "This comment was deleted because it broke the rules.",
            "Kommentar gelöscht",
            "Dieser Beitrag wurde von der Redaktion entfernt.",
        ),
        *(
            "Ce commentaire a été supprimé par la modération",
            "Este comentario ha sido eliminado.",
            "Комментарий удалён",
        ),
        *("삭제된 댓글입니다", "このコメントは削除されました", "该评论已被删除", "Deze reactie is verwijderd"),
    ],
)
def test_notices_of_removal(notice: str) -> None:
    assert is_removed(notice)


@pytest.mark.parametrize(
    "text", ["", None, "They removed the goat.", "This comment was great.", "I deleted my account."]
)
def test_what_is_no_notice_of_removal(text: str | None) -> None:
    assert not is_removed(text)


def test_an_answer_by_name_needs_one_of_that_name() -> None:
    body = "".join(f'<div class="comment"><b class="author">{who}</b><p>{text}</p></div>' for who, text in PEOPLE)
    assert [row[3] for row in rows(body)] == [None, None, "ann", None, None]


PEOPLE = [
    ("ann", "First."),
    ("bo", "Second."),
    ("cy", "@ann: I agree."),
    ("bo", "Third."),
    ("cy", "@bo which of you?"),
]
