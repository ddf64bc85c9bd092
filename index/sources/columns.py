"""The usual names of columns in other people's data, and which field each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sources.fields import Column, Fields

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARTICLE = {
    "id": "id article_id news_id post_id story_id doc_id document_id uuid guid _id aid nid",
    "title": "title headline headline_text heading head_line article_title news_title post_title subject"
    " titel titre titulo",
    "paragraphs": "paragraphs text body content article article_text article_body article_content full_text fulltext"
    " maintext main_text body_text content_text text_content news_content story selftext news contents news_body"
    " content_html body_html description summary abstract excerpt",
    "published": "published date published_at publish_date published_date publication_date pub_date pubdate"
    " date_published date_publish publication_time publish_time published_time created_utc created created_at"
    " date_created posted posted_at timestamp datetime time article_date news_date date_time first_published",
    "authors": "authors author byline by_line writer writers reporter reporters journalist creator author_name"
    " authors_name",
    "editors": "editors editor",
    "url": "url link permalink article_url article_link web_url canonical_url page_url news_url href uri",
    "source": "source publisher outlet domain publication newspaper source_name news_outlet media site site_name"
    " website source_domain paper news_source provider",
    "section": "section category section_name news_category desk rubric channel subreddit categories",
    "topics": "topics tags keywords subjects topic labels",
    "place": "place dateline location",
    "captions": "captions caption image_caption",
    "reported_comments": "reported_comments comment_count comments_count num_comments n_comments number_of_comments",
    "comments": "comments",
    "furniture": "furniture",
}
_COMMENT = {
    "text": "comment_text comment_body comment comment_content comment_message body text content message",
    "id": "comment_id id _id cid",
    "author": "author comment_author user username user_name user_display_name author_name commenter nickname"
    " screen_name name userid user_id",
    "posted": "posted posted_at created created_at created_utc create_date created_date comment_date comment_time date"
    " timestamp datetime time published published_at",
    "parent": "parent parent_id parent_comment_id reply_to in_reply_to in_reply_to_id parent_comment replied_to",
    "removed": "removed deleted is_deleted",
    "article": "article_id article_url article_link link_id story_id news_id post_id submission_id asset_id page_url"
    " post_url story_url url link article",
    "article_title": "article_title news_title post_title headline",
    "article_url": "article_url article_link news_url page_url post_url story_url",
}
_SURE_COMMENT = frozenset(_COMMENT["text"].split()[:5])  # a column of this name is in tables of comments only
_COMMENT_ONLY = frozenset((*_COMMENT["parent"].split(), *_COMMENT["id"].split(), *_COMMENT["author"].split(),
                           *_COMMENT["posted"].split()))  # fmt: skip
_PREFIXES = {"link_id": "t3_", "parent_id": "t1_"}
_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[^\w#]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a data file holds: articles or comments, and its columns by field."""

    fields: Fields
    comments: bool = False


def layout_of(names: Iterable[str]) -> Layout | None:
    """Return what columns of these names hold, or ``None`` where that cannot be told."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(_OTHER.sub("_", _EDGE.sub("_", name.strip())).strip("_").lower() or name, name)
        known.setdefault(name, name)
    comment, article = _found(known, _COMMENT), _found(known, _ARTICLE)
    if "text" in comment and _is_comments(known, comment, article):
        if "title" in article:
            comment.setdefault("article_title", article["title"])
        return Layout(comment, comments=True)
    return Layout(article) if {"title", "paragraphs", "comments"} & article.keys() else None


def comment_fields(names: Iterable[str]) -> Fields | None:
    """Return the fields of comments that stand inside an article's own record."""
    known = {_OTHER.sub("_", _EDGE.sub("_", name)).lower(): name for name in names}
    found = _found(known, _COMMENT)
    return found if "text" in found else None


def is_own(names: Iterable[str]) -> bool:
    """Tell whether the names of a record are those of our own JSON Lines, and none is another's."""
    given = tuple(names)
    if "paragraphs" in given or {"_id", "text"} <= set(given):  # ours, and those of retrieval collections, by these
        return True
    layout = layout_of(given)
    if layout is None or layout.comments:
        return False
    own = {"paragraphs": ("paragraphs", "text"), "id": ("id", "_id")}
    return all(column.name in own.get(field, (field,)) for field, column in layout.fields.items())


def _is_comments(known: dict[str, str], comment: Fields, article: Fields) -> bool:
    """Tell comments from articles: by a sure name, or by a key of an article beside what comments have."""
    text = comment["text"].name
    sure = _SURE_COMMENT & known.keys()
    if sure - {"comment"} or (sure and {"article", "id", "author", "posted", "parent"} & comment.keys()):
        return "paragraphs" not in article or article["paragraphs"].name == text
    key = comment["article"].name if "article" in comment else None
    own_title = "title" in known or "headline" in known
    return key not in (None, "url", "link", text) and not own_title and bool(_COMMENT_ONLY & known.keys())


def _found(known: dict[str, str], table: dict[str, str]) -> Fields:
    """Return the first column of each field, each column for one field."""
    fields: Fields = {}
    for field, names in table.items():
        usual = next((name for name in names.split() if name in known), None)
        if usual is not None:
            fields[field] = Column(name=known[usual], strip=_PREFIXES.get(usual))
    return fields
