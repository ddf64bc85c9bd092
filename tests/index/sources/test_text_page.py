"""Saved text pages: every part where it belongs, and no furniture among the passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.sources import text_page
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.model import Article

NBSP = "\u00a0"
CAPTION = "A goat stands on the roof of the bakery in Little Wending, May 3, 2011."
LEAD = "LITTLE WENDING (Harbour Wire) - A goat that had spent nine days on the roof of a bakery came down on Tuesday."
SECOND = "The baker, who had raised prices twice to pay for hay, said she would miss the customers it drew."
POLICY = (
    "We are glad of comments that add facts or experience to the story. If one seems offensive, flag it to an editor "
    "with the report abuse links. Opinions in the comments are not those of this paper. Our policy is at"
)
FOOT = "(Reporting by Ann Lee and Bo Quist; Additional reporting by Cy Drew in Upper Wending, Editing by Dee Fox)"


def date_line(text: str) -> str:
    return f"{text.replace(' ', NBSP, 3)}{NBSP}{NBSP}--{NBSP} {NBSP}Report as abuse"


def comment(name: str, body: str, date: str = "May 4, 2011 9:05am BST") -> str:
    return f"{name} wrote:\n{body}\n\n{date_line(date)}\n"


def page(**parts: str) -> str:
    whole = {
        "title": "Goat comes down from bakery",
        "dateline": "LITTLE WENDING Tue May 3, 2011 6:30pm BST",
        "captions": f"{CAPTION} HARBOUR WIRE/Ann Lee\n\n{CAPTION}\n\nCredit: Harbour Wire/Ann Lee",
        "topics": "Related Topics",
        "story": f"{LEAD}\n\n{SECOND}",
        "foot": FOOT,
        "policy": POLICY,
        "comments": "Comments (2)\n" + comment("hay_seller", "Told you so.") + comment("Old Tom", "It will be back."),
        "closing": "This discussion is now closed. We take comments for a few days after publication.",
    }
    whole.update(parts)
    return "\n\n".join(text for text in whole.values() if text) + "\n"


def read(**parts: str) -> Article:
    text = page(**parts)
    assert text_page.looks_like(text)
    return text_page.read(text, "goat.txt")


def passages(article: Article) -> str:
    return "\n".join((*article.paragraphs, *article.captions, *(comment.text for comment in article.comments)))


def test_every_part_is_where_it_belongs() -> None:
    article = read()
    assert article.title == "Goat comes down from bakery"
    assert article.paragraphs == (LEAD, SECOND)
    assert article.captions == (CAPTION,)
    assert (article.place, article.source) == ("LITTLE WENDING", "Harbour Wire")
    assert article.published is not None
    assert article.published.isoformat() == "2011-05-03T17:30:00+00:00"
    assert article.published_text == "Tue May 3, 2011 6:30pm BST"
    assert article.authors == ("Ann Lee", "Bo Quist", "Cy Drew")
    assert article.editors == ("Dee Fox",)
    assert article.reported_comments == 2
    assert article.path == "goat.txt"


def test_comments_have_names_dates_and_text() -> None:
    first, second = read().comments
    assert (first.id, first.author, first.text) == ("1", "hay_seller", "Told you so.")
    assert first.posted is not None
    assert first.posted.isoformat() == "2011-05-04T08:05:00+00:00"
    assert first.posted_text == "May 4, 2011 9:05am BST"
    assert (second.id, second.author, second.text) == ("2", "Old Tom", "It will be back.")


@pytest.mark.parametrize(
    "furniture", ["report abuse", "Report as abuse", "closed", "Credit:", "Related Topics", "policy"]
)
def test_furniture_is_no_passage(furniture: str) -> None:
    assert furniture.casefold() not in passages(read()).casefold()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_caption_printed_twice_is_kept_once_without_the_agency(order: tuple[int, int]) -> None:
    printed = (f"{CAPTION} HARBOUR WIRE/Ann Lee", CAPTION)
    article = read(captions="\n\n".join(printed[index] for index in order))
    assert article.captions == (CAPTION,)


def test_two_pictures_have_two_captions() -> None:
    other = "The empty roof of the bakery seen from the churchyard on Wednesday, May 4, 2011."
    article = read(captions=f"{CAPTION} HARBOUR WIRE/Ann Lee\n\n{CAPTION}\n\n{other}\n\nCredit: Harbour Wire/Ann Lee")
    assert article.captions == (CAPTION, other)


def test_listed_topics_are_kept_as_topics() -> None:
    article = read(topics="Related Topics\n\nAnimals »\n\nBread »")
    assert article.topics == ("Animals", "Bread")
    assert article.paragraphs == (LEAD, SECOND)


def test_without_a_byline_the_policy_is_still_no_paragraph() -> None:
    article = read(foot="")
    assert article.paragraphs == (LEAD, SECOND)
    assert (article.authors, article.editors) == ((), ())


def test_without_byline_and_comments_the_policy_is_still_no_paragraph() -> None:
    assert read(foot="", comments="", closing="").paragraphs == (LEAD, SECOND)


def test_without_comments() -> None:
    article = read(policy="", comments="", closing="")
    assert article.paragraphs == (LEAD, SECOND)
    assert (article.comments, article.reported_comments) == ((), None)


def test_without_a_date() -> None:
    article = read(dateline="")
    assert (article.published, article.published_text) == (None, None)
    assert article.place == "LITTLE WENDING"
    assert article.captions == (CAPTION,)


def test_without_an_agency_lead() -> None:
    story = (
        "A goat came down from a roof on Tuesday after nine days.\n\nIt was hungry, said the baker of Little Wending."
    )
    article = read(story=story)
    assert len(article.paragraphs) == 2
    assert article.source is None


def test_a_byline_over_the_story_counts_where_there_is_no_foot() -> None:
    assert read(foot="", captions="By Ann Lee and Bo Quist").authors == ("Ann Lee", "Bo Quist")


def test_a_comment_keeps_its_paragraphs() -> None:
    article = read(comments="Comments (1)\n" + comment("a", f"One{NBSP} two.\n\n\n\nThree.\nFour."))
    assert article.comments[0].text == "One two.\n\nThree.\nFour."


def test_someone_quoted_in_a_comment_does_not_begin_another() -> None:
    body = "hay_seller wrote:\n“Told you so.”\nNo, you did not."
    article = read(comments="Comments (2)\n" + comment("hay_seller", "Told you so.") + comment("b", body))
    assert [c.author for c in article.comments] == ["hay_seller", "b"]
    assert article.comments[1].text == body


def test_wrote_inside_a_line_does_not_begin_a_comment() -> None:
    article = read(comments="Comments (1)\n" + comment("a", "My aunt wrote: “goats are honest”. She wrote:"))
    assert len(article.comments) == 1


def test_comments_without_dates_end_at_the_next() -> None:
    article = read(comments="Comments (2)\na wrote:\nOne.\n\nb wrote:\nTwo.", closing="")
    assert [(c.author, c.text, c.posted) for c in article.comments] == [("a", "One.", None), ("b", "Two.", None)]


def test_an_unreadable_comment_date_is_kept_as_printed() -> None:
    article = read(comments="Comments (1)\n" + comment("a", "One.", "May 4, 2011 9:05am IST"))
    assert article.comments[0].posted is None
    assert article.comments[0].posted_text == "May 4, 2011 9:05am IST"


def test_fewer_comments_than_the_page_counts_are_all_read() -> None:
    article = read(comments="Comments (3)\n" + comment("a", "One."))
    assert (len(article.comments), article.reported_comments) == (1, 3)


def test_a_dump_with_menus_gives_the_same_story() -> None:
    menu = (
        "Home\n\nWorld\n\nGoat comes down from bakery\n\nSport\n\nComments (2)\n\nShare this\n\n" + "Weather\n\n" * 20
    )
    footer = "\n\nAdd Your Comment\n\nHome\n\nWorld\n\nTerms of Use\n"
    article = text_page.read(menu + page(topics="") + footer, "dump.txt")
    assert article.title == "Goat comes down from bakery"
    assert article.paragraphs == (LEAD, SECOND)
    assert article.captions == (CAPTION,)
    assert [c.text for c in article.comments] == ["Told you so.", "It will be back."]


def test_a_teaser_above_the_story_is_not_read_twice() -> None:
    article = read(captions=f"{LEAD[:80]}...\n\n{CAPTION}\n\nCredit: Harbour Wire/Ann Lee")
    assert article.paragraphs == (LEAD, SECOND)


def test_the_same_page_has_the_same_id_and_other_text_another() -> None:
    assert read().id == read(closing="").id
    assert read().id != read(story=f"{LEAD}\n\nAnother end.").id


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Just a line", "Headline\n\nSome prose of an ordinary kind follows here."]
)
def test_other_texts_are_not_taken_for_this_layout(text: str) -> None:
    assert not text_page.looks_like(text)


def test_a_page_without_story_is_not_read() -> None:
    with pytest.raises(NotRead, match="no headline and story"):
        text_page.read("Comments (0)\n", "x")
