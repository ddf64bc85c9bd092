"""What tantivy holds, and where: its fields, a passage as one document, a story as another; an index opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tantivy

from index.keyword.clause import Facet, Field
from index.keyword.tantivy_guard import sound

if TYPE_CHECKING:
    from pathlib import Path

    from index.keyword.protocol import KeywordDocument

STORIES: Final = "stories"
"""The folder of the stories within that of the passages."""
ROW: Final = "row"
TIME: Final = "time"
_SPACES: Final = "spaces"
_BODY, _STEM, _EXACT, _TITLE = (field.value for field in (Field.BODY, Field.STEM, Field.EXACT, Field.TITLE))


def schema() -> tantivy.Schema:
    """Return the fields of passages and stories."""
    builder = tantivy.SchemaBuilder()
    for field in Field:
        option = "freq" if field in (Field.BODY, Field.STORY) else "position"
        builder.add_text_field(field.value, tokenizer_name=_SPACES, index_option=option)
    for facet in Facet:
        builder.add_text_field(facet.value, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(ROW, indexed=True, fast=True)
    builder.add_integer_field(TIME, indexed=True, fast=True)
    return builder.build()


def opened(path: Path, *, create: bool) -> tantivy.Index:
    """Open or create an index in a folder; terms come analysed, so that its tokenizer only splits at spaces."""
    with sound(path):
        index = tantivy.Index(schema(), path=str(path)) if create else tantivy.Index.open(str(path))
    spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_SPACES, spaces)
    return index


def from_row(schema: tantivy.Schema, row: int) -> tantivy.Query:
    """Return what matches every document from that row on."""
    return tantivy.Query.range_query(schema, ROW, tantivy.FieldType.Unsigned, row, None)


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
