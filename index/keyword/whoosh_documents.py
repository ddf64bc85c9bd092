"""What Whoosh holds: its fields, a passage as one document, a story as another.

Terms come analysed. Row, time and the exact field lengths of a document are one column of fixed size, since Whoosh's
own lengths are rounded to a byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from whoosh import columns, fields
from whoosh.analysis import IDAnalyzer

from index.keyword.clause import Facet, Field

if TYPE_CHECKING:
    from index.keyword.protocol import KeywordDocument

FACTS: Final = "facts"
UNDATED: Final = -(2**63)
RECORD: Final = np.dtype([("row", "<i8"), ("time", "<i8"), *((field.value, "<i4") for field in Field)])
"""The column of facts: row, time, and the length of each field."""


def schema() -> fields.Schema:
    """Return the fields of passages and stories."""
    made = fields.Schema()
    for field in Field:
        has_places = field not in (Field.BODY, Field.STORY)
        kind = fields.TEXT(analyzer=IDAnalyzer(), phrase=has_places)
        kind.scorable = False  # no lengths of Whoosh's own
        made.add(field.value, kind)
    for facet in Facet:
        made.add(facet.value, fields.KEYWORD(analyzer=IDAnalyzer()))
    made.add(FACTS, fields.COLUMN(columns.FixedBytesColumn(RECORD.itemsize)))
    return made


def passage(document: KeywordDocument) -> dict[str, Any]:
    """Return the document of a passage."""
    texts = {
        Field.BODY: document.content,
        Field.STEM: document.stems,
        Field.EXACT: document.exacts,
        Field.TITLE: document.title,
    }
    return _document(document, texts) | {facet.value: list(keys) for facet, keys in document.facets.items() if keys}


def story(document: KeywordDocument) -> dict[str, Any]:
    """Return the document of the story whose first passage this is."""
    keys = document.facets.get(Facet.ARTICLE, ())
    made = _document(document, {Field.STORY: document.story})
    return made | ({Facet.ARTICLE.value: list(keys)} if keys else {})


def _document(document: KeywordDocument, texts: dict[Field, str]) -> dict[str, Any]:
    time = UNDATED if document.time is None else document.time
    terms = {field: texts.get(field, "").split() for field in Field}
    facts = np.array([(document.row, time, *map(len, terms.values()))], dtype=RECORD).tobytes()
    return {field.value: found for field, found in terms.items() if found} | {FACTS: facts}
