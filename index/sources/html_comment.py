"""One comment of a page: who wrote it, when, what it says; what is left of its element is buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.sources import furniture, identity, names, tidy
from index.sources.comment_date import ASIDE, DATED, LONGEST_HEAD, date_of, is_signature, said_in
from index.sources.dates import Clock, find_date, is_date, is_filling
from index.sources.markup import Element, detach, has_word, is_prop, short_text, text_of, within
from index.sources.removed import is_removed
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

_BODY = re.compile(
    r"(?:[a-z]{1,12}[-_]{1,2})?(?:this)?comments?[-_]*(?:content|text|message|msg|copy|body-text|main|inner-text)"
    r"|comment-?body|thiscommentbody|field-comment-body|commentsbody|commenttext|message-?(?:body|text|content)"
    r"|(?:comment|message|entry|post)-content|content|text|message|body|comment-body-text"
    r"|usertext-body|u_cbox_contents|u_cbox_delete_contents|uficommentbody|posttext|post-?body|postcontent|bbwrapper"
    r"|fyre-comment-body|cooked|(?:dsq-)?comment-message-\d+|post-message|post_message_\d+|richtextjson-root"
)
_AUTHOR = tuple(
    map(
        re.compile,
        (
            r"fn",
            r".*(?:author|user)[-_]{0,2}name|user-?name|nick-?name|display-?name|.*comment[-_]?(?:user|username)"
            r"|uficommentactorname|profilename|u_cbox_nick|dsq-author-user-\d+|creator",
            r"(?:[a-z]{1,12}[-_])?(?:comment[-_]{0,2})?author(?:[-_]link)?|commenter|poster|nick|by-?line|user|url",
        ),
    )
)
_PROFILE = re.compile(r"/(?:users?|profiles?|members?|people|u|author)\b|\bprofile\.")
_ACCOUNT = re.compile(r"/(?:user|u)/([\w.-]{1,40})/?$")
_ASIDE_TAGS = frozenset(("header", "footer", "form", "button", "time", "nav", "input", "h1", "h2", "h3", "h4", "h5"))
_PARENT = ("data-parent-id", "data-in-reply-to", "data-parentid", "data-parent", "data-parent-comment-id", "parentid")
_GIVEN = ("data-comment-id", "thingid", "data-fullname", "data-post-id", "data-message-id", "id")
_ANSWERED = re.compile(r"(?:.*[-_])?(?:in-?reply-?to|parent-link|reply-?to|replying-?to|parent)(?:[-_]link)?")
_SAYS = re.compile(
    r"\s*(?:,?\s*\b(?:says?|said|wrote|writes|sagt|schreibt|schrieb|meint|a dit|dice|dijo|zegt)\b.*|(?:am|on|le) \d.*"
    r"|on \w+ \d.*)?\s*[:|·]?\s*$",
    re.IGNORECASE,
)
_VON = re.compile(
    r"^(?:comment|kommentar|commentaire|posted|written|geschrieben|publié|publicado|escrito|von|by|par|por)"
    r"(?:\s+(?:by|von|de|par|por))?\s*:?\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_SAID = re.compile(r"[^\W\d_]|[^\x00-\xbf]")  # letters or emoji: more than a counter
_LOOSE_END = re.compile(r"\s+[|·–—-]+$")  # before a name or a date that was taken out
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read from one element; without text it is a wrapper."""

    name: str | None
    author: str | None
    printed: str | None
    posted: datetime | None
    text: str
    parent: str | None
    answers: str | None = None
    """The name of who is answered, where a comment says so."""

    @property
    def signed(self) -> bool:
        """Whether a name or a date stands by it."""
        return bool(self.author or self.printed or self.posted)

    def silent(self) -> Draft:
        """Return it as a wrapper."""
        return replace(self, text="")


def read_one(element: Element, clock: Clock, *, ping: bool) -> Draft:
    """Read one comment and take it out of the page; those nested in it are gone already."""
    body = _body(element)
    author, signature = _author(element, body)
    printed, posted, dated = date_of(element, body, clock)
    parent = identity.given_id(next(filter(None, map(element.get, _PARENT)), None))
    linked, answers = _answered(element, body)
    name = _name(element)
    notice = min(filter(is_removed, map(_short, within(element))), key=len, default="")
    text = "" if ping else _text(body, [part for part in (signature, dated) if part is not None])
    if notice and notice in text and not author:
        text = notice  # what stands around it are buttons
    text = text or notice or ""
    said = text != author and (author or printed or posted or _SAID.search(text))
    detach(element)
    return Draft(
        name=name,
        author=None if is_removed(author) else author,
        printed=printed,
        posted=posted,
        text=text if said else "",
        parent=linked if parent in (None, "0") else parent,
        answers=answers,
    )


def _short(part: Element) -> str:
    return short_text(part, LONGEST_HEAD) or ""


def _name(element: Element) -> str | None:
    given = next(filter(None, map(element.get, _GIVEN)), None) or (element.get("itemid") or "").rpartition("#")[2]
    return identity.given_id(given)


def _author(element: Element, body: Element) -> tuple[str | None, Element | None]:
    """Return the name of who wrote, and where it stands."""
    if element.get("author"):
        return tidy.one_line(element.get("author"), _LONGEST_NAME), None
    for part in _candidates_for_author(element, body):
        gone = is_removed(squash(text_of(part)))
        name = _cut_name(part.get("content") or part.get("data-username") or text_of(part))
        if name and len(name) <= _LONGEST_NAME and not furniture.is_prompt(name) and not is_date(name) and not gone:
            return name, part
    pictures = (part for part in within(element) if part.tag == "a" and not text_of(part).strip())
    accounts = (_ACCOUNT.search(part.get("href") or "") for part in pictures)
    account = next(filter(None, accounts), None)
    return (account[1], None) if account else (None, None)


def _cut_name(text: str) -> str:
    """Return a name without what pages print around it: "X says:", "Posted by X on June 1, 2014"."""
    line = _VON.sub("", squash(text))
    dated = find_date(line) if len(line) <= LONGEST_HEAD else None
    if dated and dated.start:
        line = line[: dated.start]
    return names.without_contacts(_SAYS.sub("", line)).strip(" ,;·|—–-:@")


def _candidates_for_author(element: Element, body: Element) -> Iterator[Element]:
    """Yield the elements that may hold the name: by their marks, else a profile's link or what stands out on top."""
    parts = list(within(element))
    marked = [part for part in parts if is_prop(part, "author", "creator")]
    for part in marked:
        yield from (inner for inner in within(part) if is_prop(inner, "name"))
        yield part
    for pattern in _AUTHOR:
        yield from (part for part in parts if has_word(part, pattern))
    inside = set() if body is element else said_in(body)
    outside = [part for part in parts if part not in inside]
    links = (part for part in outside if part.tag == "a" and _PROFILE.search(part.get("href") or ""))
    yield from (part for part in links if not text_of(part).lstrip().startswith("@"))  # that is who is spoken to
    start = "" if body is not element else squash(text_of(element))
    bold = (part for part in outside if part.tag in ("cite", "b", "strong"))
    yield from (part for part in bold if not start or start.startswith(squash(text_of(part))))
    yield from (part for part in outside if (has_word(part, DATED) or is_signature(part)) and _signs(part))


def _signs(part: Element) -> bool:
    """Tell a line that has a date behind a name."""
    line = short_text(part, LONGEST_HEAD)
    found = find_date(line) if line else None
    return found is not None and found.start > 1


def _answered(element: Element, body: Element) -> tuple[str | None, str | None]:
    """Return the id and the name of the comment that a link "in reply to" names."""
    for part in within(element):
        if has_word(part, _ANSWERED) and part is not body:
            link = part if part.tag == "a" else next(part.iter("a"), None)
            target = (link.get("href") or "").rpartition("#")[2] if link is not None else ""
            line = short_text(part, _LONGEST_NAME) or ""
            found = re.search(
                r"(?:in reply to|replying to|antwort an|en réponse à|en respuesta a)\s+@?(\S.*)", line, re.IGNORECASE
            )
            if found or re.fullmatch(r"[a-z]*-?comment-?\d+", target):
                return identity.given_id(target) if re.search(r"\d", target) else None, found[1] if found else None
    return None, None


def _text(body: Element, signatures: Sequence[Element]) -> str:
    """Return what the comment says, without its name, date and buttons."""
    signed = [squash(text_of(part)) for part in signatures]
    for part in signatures:
        if body in part.iterancestors():
            detach(_frame(part, body, signed))
    most = len(squash(text_of(body))) / 2
    for part in list(within(body)):
        named = has_word(part, ASIDE) and not (next(part.iter("p"), None) is not None and len(text_of(part)) > most)
        if part.tag in _ASIDE_TAGS or named or is_prop(part, "author", "dateCreated"):
            detach(part)
    kept = (line for line in text_of(body).split("\n") if not furniture.is_prompt(squash(line).strip("|· ")))
    return _LOOSE_END.sub("", tidy.lines("\n".join(kept)))


def _frame(part: Element, body: Element, signed: Sequence[str]) -> Element:
    """Return the outermost element around a name and a date that says nothing else."""
    for up in part.iterancestors():
        line = short_text(up, LONGEST_HEAD) if up is not body else None
        if line is None:
            break
        for said in signed:
            line = line.replace(said, " ", 1)
        found = find_date(line)
        if not is_filling(line[: found.start] + line[found.end :] if found else line):
            break
        part = up
    return part


def _body(element: Element) -> Element:
    parts = list(within(element))
    marked = next((part for part in parts if is_prop(part, "text", "commentText", "description")), None)
    if marked is not None:
        return marked
    named = [part for part in parts if has_word(part, _BODY) and part.tag not in ("a", "input", "textarea")]
    slotted = [part for part in parts if part.get("slot") == "comment"]
    return _fullest(slotted or named) if slotted or named else element


def _fullest(parts: Iterable[Element]) -> Element:
    """Return the outermost of the named parts that has text: the first in document order."""
    ordered = list(parts)
    return next((part for part in ordered if text_of(part).strip()), ordered[0])
