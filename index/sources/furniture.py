"""What a saved page prints around the story: prompts, policies and notices, never passages."""

from __future__ import annotations

import re

_PROMPTS = frozenset(
    (
        *("advertisement", "add your comment", "back to top", "bookmark", "comment", "comments", "copy link"),
        *("digg this", "e-mail", "email", "email this", "facebook", "follow us", "follow us on twitter", "like"),
        *("link this", "linkedin", "listen", "more", "post a comment", "print", "print this", "read more"),
        *("recommend", "reddit", "related news", "related quotes and news", "reply", "report", "report abuse"),
        *("report as abuse", "reprints", "save", "see all comments", "see also", "share", "share on facebook"),
        *(
            "share on twitter",
            "share this",
            "sign in",
            "sign up",
            "skip to content",
            "skip to main content",
            "skip navigation",
            "slideshow",
        ),
        *("sponsored links", "subscribe", "subscribe now", "text size", "tweet", "tweet this", "twitter"),
        *("view all comments", "whatsapp", "antworten", "melden", "teilen", "répondre", "signaler", "responder"),
    )
)
_NOTICE = re.compile(
    r"^(?:this|the) (?:discussion|conversation|thread|comment section)\b.{0,60}\b(?:closed|ended|over)\b"
    r"|^comments (?:are|have been) (?:now )?closed\b"
    r"|^(?:subscribe to|sign up (?:for|to)|follow us on|click here to|our standards: |(?:copyright )?©"
    r"|all rights reserved)",
    re.IGNORECASE,
)
_POLICY = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"\b(?:comments?|contributions?|remarks?|messages?|posts?|discussions?|conversations?|readers|community)\b",
        r"\b(?:report abuse|report as abuse|report it|flag|moderat\w+|let us know|tell (?:us|an editor)"
        r"|alert (?:us|our))\b",
        r"\b(?:inappropriate|irrelevant|offensive|abusive|abuse|hurtful|spam|insult\w*|advertis\w+|off.topic|libel\w*"
        r"|unlawful|civil|courteous|good manners|crosses the line|keep to the subject)\b",
        r"\b(?:views|opinions|remarks|words)\b.{0,60}\b(?:do not|not those|their own|alone|commit nobody"
        r"|those who write)\b",
        r"\b(?:policy|guidelines|house rules|community standards|terms of use|our rules|code of conduct)\b",
        r"\b(?:we welcome|welcome to|are invited|please (?:keep|be|do not)|we ask|join in|we reserve|enjoys hearing)\b",
    )
)
_POLICY_SIGNS = 3
_LONGEST_PROMPT = 40


def is_prompt(line: str) -> bool:
    """Tell whether a whole line is a button or heading of the page, or a notice of its publisher."""
    return (
        line.casefold().strip(" »›>…:.|0123456789()") in _PROMPTS if len(line) <= _LONGEST_PROMPT else is_notice(line)
    )


def is_notice(line: str) -> bool:
    """Tell whether a line announces something about the page (closed discussion, subscription, rights)."""
    return bool(_NOTICE.match(line))


def is_policy(line: str) -> bool:
    """Tell whether a paragraph is a moderation policy, which reads like prose but is about the comments."""
    return sum(bool(sign.search(line)) for sign in _POLICY) >= _POLICY_SIGNS
