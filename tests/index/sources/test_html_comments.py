"""Comments in the markups that pages use, with names, dates, replies, and nothing of their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.sources import markup
from index.sources.html_comments import take_comments

if TYPE_CHECKING:
    from index.model import Comment

WORDPRESS = """<ol class="comment-list">
<li class="comment even depth-1" id="comment-12"><article id="div-comment-12" class="comment-body">
 <footer class="comment-meta"><div class="comment-author vcard"><img class="avatar"><b class="fn">
 <a class="url" href="http://ann.example">Ann</a></b> <span class="says">says:</span></div>
 <div class="comment-metadata"><a href="#comment-12">
 <time datetime="2020-08-15T09:35:53-07:00">August 15</time></a></div>
 </footer><div class="comment-content"><p>First <em>thought</em>.</p><p>Second.<br>Third.</p></div>
 <div class="reply"><a class="comment-reply-link" href="#respond">Reply</a></div></article>
 <ol class="children"><li class="comment odd depth-2" id="comment-13"><article class="comment-body">
  <footer class="comment-meta"><b class="fn">Bo</b></footer><div class="comment-content"><p>Answer.</p></div></article>
  <ol class="children"><li class="comment depth-3" id="comment-14"><div class="comment-body">
   <div class="comment-author vcard"><cite class="fn">Cy</cite> <span class="says">says:</span></div>
   <div class="comment-meta commentmetadata"><a href="#comment-14">March 24, 2012 at 4:41 pm</a></div>
   <p>Deeper.</p><div class="reply"><a href="#">Reply</a></div></div></li></ol></li></ol></li>
<li class="pingback" id="comment-15"><p>Pingback: <a href="#">Another blog</a></p></li>
<li class="comment" id="comment-16"><div class="comment-body"><cite class="fn">Di</cite><p>Last.</p></div></li></ol>"""

GENERIC = """<div class="comment" data-comment-id="901"><div class="comment-head"><span class="username">ann</span>
<span class="comment-date" title="2019-11-19T17:02:00-05:00">Nov 19, 2019, 5:02 p.m. EST</span></div>
<div class="comment-body">Recipe.</div>
<div class="comment-actions"><button>Like</button><button>Reply</button></div></div>
<div class="comment" data-comment-id="904" data-parent-id="903"><span class="username">bo</span>
<div class="comment-body">To a deleted one.</div></div>
<div class="comment" data-comment-id="905" data-parent-id="0"><span class="username">cy</span>
<div class="comment-body">Top.</div></div>"""

MICRODATA = """<div itemprop="comment" itemscope itemtype="https://schema.org/Comment" id="dc-1">
<p class="by"><span itemprop="author" itemscope><span itemprop="name">drywell</span></span>,
<time itemprop="dateCreated" datetime="2024-08-30T09:12:00-06:00">Aug 30, 2024 09:12 MDT</time></p>
<div itemprop="text">A fib with a roof on.</div><p><a href="#">Report as abuse</a></p></div>"""

SPLIT = """<ul><li class="comment"><article class="comment-article" id="comment-8"><header class="comment-author">
<span class="comment__author-name">Julia</span><time datetime="2020-08-11T09:52:46+02:00">on 11/08/2020</time></header>
<section class="comment__content comment"><p>❤️</p></section></article>
<ul class="children"><li class="comment"><article class="comment-article" id="comment-9"><header class="comment-author">
<span class="comment__author-name">Helen</span></header><section class="comment__content comment"><p>Same.</p></section>
</article></li></ul></li></ul>"""

ARTICLES = """<article class="comment" id="k1"><header>
<b class="author">ted</b> <time datetime="2021-10-08T16:20:00+01:00">
8 October</time></header><p>Look first.</p><footer><a href="#">Report as abuse</a></footer></article>
<article class="comment reply" id="k2" data-in-reply-to="k1"><header><b class="author">desk</b></header>
<p>We will.</p></article>"""


def read(body: str) -> tuple[Comment, ...]:
    return take_comments(markup.parse(f"<html><body>{body}</body></html>"))


def test_wordpress_threads() -> None:
    ann, bo, cy, di = read(WORDPRESS)
    assert (ann.author, ann.text) == ("Ann", "First thought.\n\nSecond.\nThird.")
    assert ann.posted is not None
    assert ann.posted.isoformat() == "2020-08-15T16:35:53+00:00"
    assert ann.posted_text == "August 15"
    assert (bo.author, bo.text, bo.parent) == ("Bo", "Answer.", ann.id)
    assert (cy.author, cy.text, cy.parent) == ("Cy", "Deeper.", bo.id)
    assert cy.posted is not None
    assert (di.author, di.text, di.parent) == ("Di", "Last.", None)


def test_generic_comments_with_stated_parents() -> None:
    ann, bo, cy = read(GENERIC)
    assert (ann.id, ann.author, ann.text, ann.parent) == ("901", "ann", "Recipe.", None)
    assert ann.posted is not None
    assert ann.posted.isoformat() == "2019-11-19T22:02:00+00:00"
    assert ann.posted_text == "Nov 19, 2019, 5:02 p.m. EST"
    assert (bo.text, bo.parent) == ("To a deleted one.", "903")
    assert cy.parent is None


def test_microdata() -> None:
    (comment,) = read(MICRODATA)
    assert (comment.id, comment.author, comment.text) == ("dc-1", "drywell", "A fib with a roof on.")
    assert comment.posted_text == "Aug 30, 2024 09:12 MDT"


def test_name_on_one_element_and_text_on_another() -> None:
    julia, helen = read(SPLIT)
    assert (julia.id, julia.author, julia.text) == ("comment-8", "Julia", "❤️")
    assert (helen.author, helen.text, helen.parent) == ("Helen", "Same.", julia.id)


def test_comments_that_are_articles() -> None:
    ted, desk = read(ARTICLES)
    assert (ted.id, ted.author, ted.text) == ("k1", "ted", "Look first.")
    assert (desk.parent, desk.text) == ("k1", "We will.")


def test_comments_are_taken_out_of_the_page() -> None:
    root = markup.parse(f"<html><body><p>Before</p>{WORDPRESS}<p>After</p></body></html>")
    take_comments(root)
    assert markup.text_of(root).split() == ["Before", "After"]


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comment"><h1>The headline of the story</h1><p>The story.</p></div>',
        '<div class="comment"><span class="count">12</span></div>',
        '<div class="comment-form"><p>Leave a comment</p></div>',
        '<div class="add-comment"><p>Add your comment</p></div>',
        '<ul><li class="recentcomments">Ann on The goat</li></ul>',
        '<p class="comment">A paragraph</p>',
        '<div class="comment" data-comment-id="1"></div>',
    ],
)
def test_what_is_no_comment(body: str) -> None:
    assert read(body) == ()


def test_deep_threads_do_not_overflow() -> None:
    depth = 2000
    body = '<div class="comment"><b class="author">a</b><p>text</p>' * depth
    assert 0 < len(read(body)) <= depth


def test_many_comments_stay_in_order() -> None:
    body = "".join(f'<div class="comment"><b class="author">u{n}</b><p>text {n}</p></div>' for n in range(500))
    assert [comment.text for comment in read(body)] == [f"text {n}" for n in range(500)]


def test_a_bold_word_in_a_comment_is_nobody() -> None:
    (comment,) = read('<div class="comment"><div class="comment-text">I <b>never</b> said that.</div></div>')
    assert (comment.author, comment.text) == (None, "I never said that.")


def test_a_link_to_a_profile_is_a_name() -> None:
    body = '<div class="comment"><p>Look here.</p><a href="/users/ann">ann</a> <a href="/report">Report</a></div>'
    (comment,) = read(body)
    assert (comment.author, comment.text) == ("ann", "Look here.")
