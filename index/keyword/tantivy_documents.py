"""What tantivy holds: its fields, a passage as one document, a story as another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tantivy

from index.keyword.clause import Facet, Field

if TYPE_CHECKING:
    from index.keyword.protocol import KeywordDocument

SPACES: Final = "spaces"
ROW: Final = "row"
TIME: Final = "time"
_BODY, _STEM, _EXACT, _TITLE = (field.value for field in (Field.BODY, Field.STEM, Field.EXACT, Field.TITLE))


def schema() -> tantivy.Schema:
    """Return the fields of passages and stories."""
    builder = tantivy.SchemaBuilder()
    for field in Field:
        option = "freq" if field in (Field.BODY, Field.STORY) else "position"
        builder.add_text_field(field.value, tokenizer_name=SPACES, index_option=option)
    for facet in Facet:
        builder.add_text_field(facet.value, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(ROW, indexed=True, fast=True)
    builder.add_integer_field(TIME, indexed=True, fast=True)
    return builder.build()


def passage(document: KeywordDocument) -> tantivy.Document:
    """Return the document of a passage."""
    made = tantivy.Document()
    made.add_unsigned(ROW, document.row)
    for field, terms in (
        (_BODY, document.content),
        (_STEM, document.stems),
        (_EXACT, document.exacts),
        (_TITLE, document.title),
    ):
        if terms:
            made.add_text(field, terms)
    for facet, keys in document.facets.items():
        for key in keys:
            made.add_text(facet, key)
    if document.time is not None:
        made.add_integer(TIME, document.time)
    return made


def story(document: KeywordDocument) -> tantivy.Document:
    """Return the document of the story whose first passage this is."""
    made = tantivy.Document()
    made.add_unsigned(ROW, document.row)
    made.add_text(Field.STORY, document.story)
    for key in document.facets.get(Facet.ARTICLE, ()):
        made.add_text(Facet.ARTICLE, key)
    return made
