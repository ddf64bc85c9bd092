"""What is not the story is told by its wording, and prose that speaks of the same things is not."""

from __future__ import annotations

import pytest

from index.sources import html_page
from index.sources.furniture import is_furniture, parted

PAGE = """<html><head><title>Goat rescued from roof</title></head><body>
<div class="cookie-notice"><p>We use cookies to count visits.</p></div>
<h1>Goat rescued from roof</h1><article>
<p>By Ann Lee, 3 June 2014</p>
<p>Firefighters brought a goat down from the roof of the town hall on Tuesday, after a long night of waiting.</p>
<figure><img src="g.jpg"><figcaption>The goat on the roof at dawn. <span
class="credit">Bo Ray/Agency</span></figcaption>
</figure>
<p>Read more: The goat that came back</p>
<p>The animal had climbed the fire escape, the mayor said, and showed no wish to leave before breakfast was served.</p>
<p>Sign up for our daily newsletter to get more goats.</p>
<div class="related"><h3>Related stories</h3><ul><li><a href="/a">A sheep in the bank</a></li></ul></div>
<p>Nobody was hurt, and the roof will be repaired next week at the cost of the owner, who lives across the square.</p>
</article><div id="comments"><p>Comments are moderated before they appear.</p>
<div class="comment" id="c1"><b class="author">cy</b><p>Good goat.</p><a>Report abuse</a></div></div>
<footer><p>© 2014 The Paper. All rights reserved.</p></footer></body></html>"""


def test_furniture_keeps_page_order_and_is_no_paragraph() -> None:
    article = html_page.read(PAGE, "x")
    assert len(article.paragraphs) == 3
    assert article.captions == ("The goat on the roof at dawn.",)
    assert article.authors == ("Ann Lee",)
    expected = [
        "We use cookies to count visits.",
        "Bo Ray/Agency",
        "Read more: The goat that came back",
        "Sign up for our daily newsletter to get more goats.",
        "Related stories",
        "A sheep in the bank",
        "Comments are moderated before they appear.",
        "Report abuse",
        "© 2014 The Paper. All rights reserved.",
    ]
    assert [line for line in article.furniture if line in expected] == expected
    told = {*article.paragraphs, *article.captions, *(comment.text for comment in article.comments)}
    assert not told & set(article.furniture)
    assert len(set(article.furniture)) == len(article.furniture)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Advertisement",
            "Story continues below advertisement",
            "Share on Facebook",
            "Lesen Sie auch: Die Ziege ist zurück",
        ),
        *("À lire aussi : La chèvre", "관련기사", "関連記事", "Diese Website verwendet Cookies, um Besuche zu zählen."),
        *(
            "Subscribe to our newsletter",
            "You have reached your limit of free articles this month.",
            "Photo: Bo Ray/Agency",
        ),
        *(
            "This article is for subscribers only.",
            "Copyright 2014 The Paper",
            "무단전재 및 재배포 금지",
            "Report as abuse",
        ),
        *("Your email address will not be published. Required fields are marked *", "Comments are closed."),
    ],
)
def test_known_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for the course costs 20 euros a month, the school said, and nobody has complained so far.",
        "Share this bread with a neighbour, the priest said.",
        "Copyright law is to be changed, the minister said on Tuesday.",
        "Cookies were sold at the fair.",
        "We use cookie cutters of tin for the small ones, and a glass for the others.",
        "Read more of her poems, and you will see what the critics meant.",
        "Related by blood, the two men had not spoken for years.",
        "Photo: it was taken at dawn. Nobody knows by whom.",
        "Subscribe to the view that goats are wise, and you will not lack company.",
    ],
)
def test_prose_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_links_under_their_heading_end_where_prose_begins() -> None:
    lines = ["One sentence.", "Related", "A sheep in the bank", "The cow (3 June)", "Another sentence ends here."]
    assert parted(lines) == (["One sentence.", "Another sentence ends here."], lines[1:4])


def test_titles_with_their_dates_at_the_end_are_links() -> None:
    story = ["One sentence.", "It was all over on 3 June 2014."]
    links = ["A sheep in the bank - June 3, 2014", "A cow in the church - June 4, 2014"]
    assert parted([*story, *links]) == (story, links)
    assert parted([*story, links[0]]) == ([*story, links[0]], [])
