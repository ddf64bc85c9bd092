"""What can be typed: the commands, each with a short form, and how a line is told from a query.

A line is a command only in the whole shape of one: ``open 3`` is, ``open source licences`` is a query. What begins
with ``?`` or stands in quotes is always a query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from index.errors import UsageError

_NUMBER: Final = r"([0-9]{1,9})"
_SUFFIXES: Final = r"md|markdown|csv|jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A thing to do."""

    name: str
    short: str
    help: str
    """What it does, in one sentence."""
    usage: str = ""
    """What stands behind its name."""
    shape: str = ""
    """What that must look like, as a regular expression; its groups are the arguments."""
    example: str = ""


READ: Final = Command(
    name="read",
    short="",
    usage="NUMBER",
    help="Read that article, from the result on; the number alone is enough.",
    shape=_NUMBER,
    example="3",
)
ASK: Final = Command(name="?", short="", usage="QUERY", help="Search for a query that looks like a command.")
HELP: Final = Command(name="help", short="h", help="Hear all this.")

COMMANDS: Final = (
    READ,
    Command(
        name="open",
        short="o",
        usage="NUMBER",
        help="Read that article from its beginning.",
        shape=_NUMBER,
        example="open 3",
    ),
    Command(name="next", short="n", help="Read the next paragraph or comment."),
    Command(name="back", short="b", help="Read the one before."),
    Command(name="all", short="a", help="Read the rest of the article in one go."),
    Command(name="more", short="m", help="List the next results."),
    Command(name="list", short="l", help="List the results again."),
    Command(name="why", short="w", usage="NUMBER", help="Say why a result was found.", shape=_NUMBER, example="why 3"),
    Command(
        name="similar",
        short="s",
        usage="NUMBER",
        help="List the passages most like a result.",
        shape=_NUMBER,
        example="similar 3",
    ),
    Command(
        name="mode",
        short="mo",
        usage="keyword, semantic or hybrid",
        help="Search by words, by meaning or by both; alone, say which.",
        shape="(keyword|semantic|hybrid)?",
        example="mode keyword",
    ),
    Command(
        name="sort",
        short="so",
        usage="newest, oldest or relevance",
        help="Choose the order of results; alone, say which.",
        shape="(newest|oldest|relevance)?",
        example="sort newest",
    ),
    Command(name="group", short="g", help="List one result an article, or every passage again."),
    Command(
        name="saved",
        short="sv",
        usage="NUMBER",
        help="List the saved searches, or ask the one of that number.",
        shape=f"{_NUMBER}?",
        example="saved 2",
    ),
    Command(
        name="save",
        short="sa",
        usage="as and a name",
        help="Save the query, its mode, order and grouping under a name.",
        shape=r"as\s+(\S.*)",
        example="save as harbour",
    ),
    Command(name="facets", short="f", help="Count the results by kind, author, source and so on."),
    Command(
        name="copy", short="c", usage="NUMBER", help="Write the citation of a result.", shape=_NUMBER, example="copy 3"
    ),
    Command(
        name="mark",
        short="k",
        usage="NUMBER",
        help="Mark a result to keep it, or take the mark away.",
        shape=_NUMBER,
        example="mark 3",
    ),
    Command(name="marks", short="ks", help="List what is marked."),
    Command(
        name="export",
        short="e",
        usage="FILE and, if its name does not tell, markdown, csv or jsonl",
        help="Write what is marked, or all results listed, to a new file.",
        shape=rf"(\S.*?)\s+(markdown|csv|jsonl)|(\S.*\.(?:{_SUFFIXES}))",
        example="export found.csv",
    ),
    Command(
        name="judge",
        short="j",
        usage="NUMBER and +, - or 0",
        help="Say that a result answers the query, that it does not, or take that back.",
        shape=rf"{_NUMBER}\s+([-+0])",
        example="judge 3 +",
    ),
    Command(name="yes", short="y", help="Search for the spelling suggested."),
    Command(name="info", short="i", help="Say what the index holds."),
    HELP,
    Command(name="quit", short="q", help="Leave."),
)
_NAMES: Final = {name: command for command in COMMANDS for name in (command.name, command.short) if name}


@dataclass(frozen=True, slots=True)
class Request:
    """What a line asks for: a command with its arguments, or a query."""

    command: Command
    arguments: tuple[str, ...]
    hint: str = ""
    """What to type instead, where a query looks as if a command was meant."""


def understood(line: str) -> Request:
    """Return what a line asks for; raises ``UsageError`` for the bare name of a command that needs more."""
    if line.startswith("?"):
        query = line[1:].strip()
        return Request(ASK, (query,)) if query else Request(HELP, ())
    if re.fullmatch(_NUMBER, line):
        return Request(READ, (line,))
    word, _, rest = line.partition(" ")
    command = _NAMES.get(word.casefold())
    if command is None:
        return Request(ASK, (line,))
    if found := re.fullmatch(command.shape, rest.strip(), re.IGNORECASE):
        return Request(command, tuple(group for group in found.groups() if group is not None))
    if not rest:
        needed = command.usage.replace("NUMBER", "the number of a result").replace("FILE", "the name of a file")
        raise UsageError(f"{command.name} needs {needed}; type for example: {command.example}")
    is_meant = word.casefold() == command.name and command.example and len(rest.split()) == 1
    return Request(ASK, (line,), _hint(command) if is_meant else "")


def _hint(command: Command) -> str:
    return f"Searched for these words. For the command {command.name}, type for example: {command.example}"
