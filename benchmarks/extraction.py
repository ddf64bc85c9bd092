"""What the page readers find on saved pages: the story against gold text, the comments against the page's own count.

    python -m benchmarks.extraction FOLDER

FOLDER holds ``extraction_gold`` (``gold.json``, ``html.tar.gz``) or ``raw_pages`` (``html.tar.gz``, ``text.tar.gz``)
or both. F1 follows the article extraction benchmark: bags of words or of runs of four, precision and recall averaged
over the pages. Told beside us is trafilatura alone, the extractor our reader builds on.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index import console
from index.errors import BroadsheetError, UsageError
from index.sources import html_page, plain, sniff, text_page
from index.sources.opening import decoded
from index.sources.records import NotRead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.model import Article, Comment

SIZES: Final = {"words": 1, "runs of four": 4}
SAME: Final = 0.9  # of the words of a comment, in both printings: the dump breaks lines and links differently
Score = tuple[float, float]


def main(arguments: Sequence[str] | None = None) -> int:
    names = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if len(names) != 1:
            raise UsageError("name one folder, that of extraction_gold and raw_pages")
        folder = Path(names[0])
        if not any(((folder / "extraction_gold").is_dir(), (folder / "raw_pages").is_dir())):
            raise UsageError(f"neither extraction_gold nor raw_pages in {folder}; name the folder that holds them")
        for line in (*gold_report(folder / "extraction_gold"), *comments_report(folder / "raw_pages")):
            console.data(line)
    except BroadsheetError as fault:
        console.say(f"benchmarks: {fault}")
        return fault.exit_code
    return 0


def gold_report(folder: Path) -> Iterator[str]:
    """Yield the F1 of the story, ours and that of trafilatura."""
    if not folder.is_dir():
        return
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    scores: dict[tuple[str, str], list[Score]] = {}
    for name, raw in members(folder / "html.tar.gz"):
        expected = gold[Path(name).name.split(".")[0]]["articleBody"]
        text = decoded(raw, declared=True)[0]
        found = {"broadsheet": "\n".join(story(text, name)), "trafilatura": trafilatura_alone(text)}
        for reader, printed in found.items():
            for kind, size in SIZES.items():
                scores.setdefault((reader, kind), []).append(score(printed, expected, size))
    yield "| reader | of | pages | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|"
    for (reader, kind), pairs in scores.items():
        precision, recall = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        yield f"| {reader} | {kind} | {len(pairs)} | {precision:.4f} | {recall:.4f} | {f1:.4f} |"


def comments_report(folder: Path) -> Iterator[str]:
    """Yield what was found of the comments on each page, and how the text dump of the page agrees."""
    if not folder.is_dir():
        return
    dumps = {Path(name).stem: raw for name, raw in members(folder / "text.tar.gz")}
    total: Counter[str] = Counter()
    yield ""
    yield "| page | outlet | printed | found | authors | dates | replies | removed | in the dump | of them the same |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name, raw in members(folder / "html.tar.gz"):
        page = read(raw, name)
        dump = read(dumps.get(Path(name).stem, b""), name)
        row = page_row(page, dump)
        total.update({key: value for key, value in row.items() if value is not None})
        total["pages"] += 1
        total["told"] += row["printed"] is not None
        total["right"] += row["printed"] is not None and row["printed"] == row["found"]
        total["with comments"] += bool(row["found"])
        total["agree"] += bool(row["found"]) and row["same"] == row["found"] == row["dump"]
        cells = " | ".join("" if value is None else str(value) for value in row.values())
        yield f"| {Path(name).stem[:60]} | {((page.source if page else None) or '')[:24].replace('|', '/')} | {cells} |"
    yield ""
    yield f"{total['pages']} pages, {total['found']} comments on {total['with comments']} of them; "
    yield f"of {total['told']} that print a count {total['right']} give as many."
    yield f"Of the text dumps {total['agree']} give the same comments: {total['same']} comments in both, "
    yield f"{total['dump'] - total['same']} only in the dump."


def page_row(page: Article | None, dump: Article | None) -> dict[str, int | None]:
    comments = page.comments if page else ()
    listed = dump.comments if dump else ()
    return {
        "printed": page.reported_comments if page else None,
        "found": len(comments),
        "authors": sum(bool(comment.author) for comment in comments),
        "dates": sum(bool(comment.posted) for comment in comments),
        "replies": sum(bool(comment.parent) for comment in comments),
        "removed": sum(comment.removed for comment in comments),
        "dump": len(listed),
        "same": in_both(comments, listed),
    }


def in_both(some: Sequence[Comment], others: Sequence[Comment]) -> int:
    """Count the comments that both have: of the same words by an author of the same name."""
    left = [(comment.author, bag(comment.text, 1)) for comment in others]
    same = 0
    for comment in some:
        words = bag(comment.text, 1)
        for index, (author, other) in enumerate(left):
            shared, most = (words & other).total(), max(words.total(), other.total())
            if (comment.author or author) == (author or comment.author) and shared >= SAME * most:
                del left[index]
                same += 1
                break
    return same


def read(raw: bytes, name: str) -> Article | None:
    """Read a page as the walk would, ``None`` where it is skipped."""
    readers = {sniff.Format.HTML: html_page.read, sniff.Format.TEXT_PAGE: text_page.read}
    try:
        text = decoded(raw, declared=sniff.may_be_html(raw))[0]
        return readers.get(sniff.text_format(text, Path(name)), plain.read)(text, name)  # type: ignore[arg-type]
    except NotRead:
        return None


def story(text: str, name: str) -> tuple[str, ...]:
    try:
        return html_page.read(text, name).paragraphs
    except NotRead:
        return ()


def trafilatura_alone(text: str) -> str:
    import trafilatura

    return trafilatura.extract(text, include_comments=False) or ""


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive in name order, unpacked."""
    with tarfile.open(archive) as tar:
        for member in sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name):
            opened = tar.extractfile(member)
            raw = opened.read() if opened else b""
            yield member.name, gzip.decompress(raw) if member.name.endswith(".gz") else raw


def bag(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(zip(*(words[at:] for at in range(size)), strict=False))


def score(found: str, expected: str, size: int) -> Score:
    """Return precision and recall of the runs of ``size`` words."""
    ours, gold = bag(found, size), bag(expected, size)
    shared = (ours & gold).total()
    return shared / (ours.total() or 1), shared / (gold.total() or 1)


if __name__ == "__main__":
    sys.exit(main())
