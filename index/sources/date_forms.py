"""The forms dates are printed in, as patterns: absolute, without a year, and counted back from now."""

from __future__ import annotations

import re

from index.sources import date_words
from index.sources.date_words import MONTHS, UNITS, any_of

_MONTH = rf"(?<![^\W\d_])(?P<month>{any_of(MONTHS)})(?![^\W\d_])\.?"
_DAY = r"(?<![\d:.,])(?P<day>\d{1,2})(?:st|nd|rd|th|er|[ºª°])?(?![\d:])\.?"
_YEAR = r"(?:(?:พ\.ศ\.|ค\.ศ\.)\s*)?(?P<year>(?<!\d)\d{4})(?!\d)"
_SHORT_YEAR = r"(?P<year>\d\d)(?![\d:])"
_OF = r"(?:\s+(?:of|de|del|den)\s+|\s*[\s,./-]\s*|\s+d['’])"
_MIDDLE = r"(?:\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]m)?(?:\s+(?:[A-Z]{1,5}|[+-]\d{4}))?)"
FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}{_OF}{_MONTH}(?:{_OF}|\s*,?\s*){_YEAR}",
        rf"{_MONTH}\s*{_DAY}(?:\s*,\s*|\s+){_YEAR}(?!:)",
        rf"{_MONTH}\s+{_DAY}\s+(?P<inner>{_MIDDLE})\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s*['’]{_SHORT_YEAR}",
        rf"{_YEAR}[\s.,-]+{_MONTH}[\s-]+{_DAY}",
        rf"{_DAY}[\s-]\s*{_MONTH}\s*(?:['’]|(?<=[^\W\d_])-|(?<=\.)-?)\s*{_SHORT_YEAR}",
        r"(?<!\d)(?P<year>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]?",
        r"(?P<era>令和|平成|昭和|民國|民国)\s*(?P<year>\d{1,3}|元)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
        r"(?<![\d./-])(?P<year>\d{4})(?:(?P<mark>[./-])|\.\s)\s?(?P<m>\d{1,2})(?:(?P=mark)"
        r"|\.\s)\s?(?P<day>\d{1,2})(?!\d)\.?",
        r"(?P<first>(?<![^\W_])(?:le|el|il|am|den"
        r"|dia)\s)?(?<![\d./:-])(?P<a>\d{1,2})(?P<mark>[./-])\s?(?P<b>\d{1,2})(?P=mark)\s?(?P<c>\d{4}|\d{2})(?![\d/-])",
    )
)
YEARLESS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}{_OF}{_MONTH}(?!\s*,?\s*\d{{4}})",
        rf"{_MONTH}\s*{_DAY}(?!\s*,?\s*\d{{4}}|\d)",
        r"(?<![\d年년])(?P<m>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]",
    )
)
_COUNT = r"\d{1,4}|an?|one|eine[rmn]?|une?|una?|uma?|één|een"
_UNIT = rf"(?:{any_of(UNITS)})(?![^\W\d_])\.?|(?:시간|분|초|일|時間|分钟|分鐘|小时|小時|分|秒|天|日)"
AGO = re.compile(
    rf"(?<![^\W_])(?:(?P<before>vor|il y a|hace|há|för|for)\s+)?(?P<n1>{_COUNT})\s*(?P<u1>{_UNIT})"
    rf"(?:,?\s*(?:and|und|et|y|e|en)?\s*(?P<n2>\d{{1,4}})\s*(?P<u2>{_UNIT}))?"
    r"(?P<after>\s*(?:ago|her|fa|atrás|geleden|назад|전|前|ที่แล้ว|আগে)(?![^\W\d_]))?",
    re.IGNORECASE,
)
LONG_AGO = re.compile(
    rf"(?<![^\W_])(?:(?:vor|il y a|hace|há)\s+(?:{_COUNT})\s*(?:{any_of(date_words.VAGUE_UNITS)})(?![^\W\d_])"
    rf"|(?:{_COUNT})\s*(?:{any_of(date_words.VAGUE_UNITS)})\.?\s*(?:ago|her|fa|atrás|geleden|назад|전|前)(?![^\W\d_]))",
    re.IGNORECASE,
)
NEAR = re.compile(
    rf"(?<![^\W_])(?P<name>{any_of((*date_words.TODAY, *date_words.YESTERDAY))})(?![^\W\d_])", re.IGNORECASE
)
NOW = re.compile(
    r"(?:just now|right now|gerade eben|à l['’]instant|ahora mismo|방금(?: 전)?|たった今|刚刚|剛剛)", re.IGNORECASE
)
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0E31-\u0E4E'’-])*")
