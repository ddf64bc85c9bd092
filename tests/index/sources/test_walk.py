"""Files and folders: what is read, what is skipped and why, and that the walk always goes on."""

from __future__ import annotations

import gzip
import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.sources.records import Limits, Note, Skip
from index.sources.walk import read_sources, source_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.model import Article

PLAIN = "A headline\n\nA paragraph of ordinary prose that is long enough to be taken for one, and then some.\n"
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>A headline of a page</title></head><body>
<article><h1>A headline of a page</h1>
<p>Caf\u00e9 owners said on Tuesday that na\u00efve tourists had taken all of their spoons.</p>
<p>The spoons, which are made of tin, will be replaced by others, the mayor of the town told reporters.</p></article>
</body></html>"""
LINE = json.dumps({"id": "a", "title": "One", "paragraphs": ["Text"]})


def read(*paths: Path, limits: Limits | None = None) -> tuple[list[Article], list[Skip | Note]]:
    events: list[Skip | Note] = []
    return list(read_sources(paths, limits or Limits(), events.append)), events


def reasons(events: list[Skip | Note]) -> list[str]:
    return [event.reason for event in events if isinstance(event, Skip)]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_folders_are_read_in_name_order_and_files_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "c.jsonl"):
        write(tmp_path / name, LINE if name.endswith("jsonl") else PLAIN.replace("A headline", name))
    first, events = read(tmp_path, tmp_path / "b.txt", tmp_path / "a")
    assert [article.title for article in first] == ["a/b/c.txt", "a/z.txt", "b.txt", "One"]
    assert events == []
    assert [article.id for article in first] == [article.id for article in read(tmp_path)[0]]
    assert first[0].path == str(tmp_path / "a/b/c.txt")


def test_the_order_of_the_paths_given_is_kept(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.txt", PLAIN.replace("A h", "H")), write(tmp_path / "2.txt", PLAIN)
    assert [source.path for source in source_files([two, one], lambda _event: None)] == [two, one]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b"\n \n\n", "empty"),
        ("blank.jsonl", b"\n \n\n", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x01", "binary"),
        ("cp1252.txt", "Headline \u201csmart\u201d\n\n".encode("cp1252"), "not UTF-8"),
        ("cut.txt", "A headline\n\nends in \u2019".encode()[:-1], "not UTF-8"),
        ("utf16.txt", b"\xff\xfea", "not UTF-16"),
        ("shift.html", PAGE.format(charset="utf-8").encode("cp1252"), "not UTF-8, nor the utf-8 it declares"),
        ("odd.html", PAGE.format(charset="punycode").encode("cp1252"), "not UTF-8"),
        ("README.md", PLAIN.encode(), "not an article"),
        ("LICENSE", PLAIN.encode(), "not an article"),
        ("table.csv", b"a,b\n1,2\n", "columns not understood: a, b; write a mapping file"),
        ("script.py", b"import os\n\nprint(os.getcwd())\n", "not an article in a known format"),
        ("line.txt", b"one line only", "not an article: no headline with prose below it"),
        ("long.txt", b"x" * 1000 + b"\n\n" + PLAIN.encode(), "not an article: its first line is too long"),
        ("list.json", b'["a", "b"]', "a JSON list without articles"),
        ("cut.json", b'{"title": "t",\n "paragraphs": [', "truncated JSON"),
        ("deep.json", b"[" * 100_000, "not JSON: nested too deeply"),
        ("cut.txt.gz", gzip.compress(PLAIN.encode(), mtime=0)[:-10], "damaged or truncated gzip"),
        ("not.txt.gz", b"\x1f\x8b\x08 this is no gzip", "damaged or truncated gzip"),
        ("page.html", b"<html><body><p>x</p></body></html>", "no headline and story"),
    ],
)
def test_what_cannot_be_read_is_skipped_by_name(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    bad, good = write(tmp_path / name, content), write(tmp_path / "zz.txt", PLAIN)
    articles, events = read(tmp_path)
    assert [article.path for article in articles] == [str(good)]
    assert [event.path for event in events] == [str(bad)]
    assert reasons(events)[0].startswith(reason)


def test_hidden_files_are_passed_over_in_silence_but_read_when_named(tmp_path: Path) -> None:
    hidden = write(tmp_path / ".hidden" / "x.txt", PLAIN)
    assert read(tmp_path) == ([], [])
    assert len(read(hidden)[0]) == 1


def test_links_in_folders_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "x.txt", PLAIN)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "file.txt").symlink_to(outside)
    (folder / "broken").symlink_to(tmp_path / "nowhere")
    articles, events = read(folder)
    assert articles == []
    assert reasons(events) == ["a symbolic link; name its target to read it"] * 3
    assert len(read(folder / "file.txt")[0]) == 1, "a link named by the user is followed"


def test_pipes_and_sockets_are_skipped_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # socket names are short
    os.mkfifo("pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        assert reasons(read(tmp_path)[1]) == ["not a regular file"] * 2
        assert reasons(read(Path("pipe.txt"))[1]) == ["not a regular file"]


def test_missing_paths_are_named(tmp_path: Path) -> None:
    assert read(tmp_path / "no")[1] == [Skip(str(tmp_path / "no"), "no such file or directory")]
    assert reasons(read(Path("a\0b"))[1]) == ["cannot be opened"]


def test_files_and_folders_without_permission(tmp_path: Path) -> None:
    locked, folder = write(tmp_path / "a.txt", PLAIN), tmp_path / "b"
    folder.mkdir()
    locked.chmod(0)
    folder.chmod(0)
    try:
        if os.access(locked, os.R_OK):
            pytest.skip("permissions do not bind this user")
        assert reasons(read(tmp_path)[1]) == ["permission denied"] * 2
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("make", [str.encode, lambda text: gzip.compress(text.encode())])
def test_lines_that_cannot_be_read_are_named_by_number(tmp_path: Path, make: Callable[[str], bytes]) -> None:
    lines = [LINE, "", "not json", LINE.replace('"One"', "5"), LINE.replace('"a"', '"b"'), '{"title": "cut']
    path = write(tmp_path / "data.jsonl", make("\n".join(lines)))
    articles, events = read(path)
    assert [article.id for article in articles] == ["a", "b"]
    assert [event.path for event in events] == [f"{path}:{number}" for number in (3, 4, 6)]
    assert [reason.split(":")[0] for reason in reasons(events)] == [
        "not JSON",
        "title is not a string",
        "truncated JSON",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", LINE),
        ("a.json", json.dumps(json.loads(LINE), indent=1)),
        ("a.json", f"[{LINE}]"),
        ("a.txt", f"{LINE}\n{LINE}"),
        ("noext", LINE),
        ("bom.jsonl", "\ufeff" + LINE),
    ],
)
def test_json_is_told_by_its_content(tmp_path: Path, name: str, content: str) -> None:
    articles, events = read(write(tmp_path / name, content))
    assert {article.title for article in articles} == {"One"}
    assert events == []


def test_items_of_a_json_list_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", f"[{LINE}, 5, {{}}]")
    articles, events = read(path)
    assert len(articles) == 1
    assert [event.path for event in events] == [f"{path}[1]", f"{path}[2]"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("name", "text"), [("a.txt", PLAIN), ("a.html", PAGE), ("a.jsonl", f"{LINE}\n{LINE}\n")])
def test_encodings_with_and_without_mark(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    articles, events = read(write(tmp_path / name, text.encode(encoding)))
    assert articles
    assert events == []
    assert not any("\ufeff" in (article.title or "") for article in articles)


@pytest.mark.parametrize(
    ("charset", "python"), [("windows-1252", "cp1252"), ("iso-8859-1", "cp1252"), ("utf-8", "utf-8")]
)
@pytest.mark.parametrize("name", ["a.html", "saved page", "a.txt", "a.html.gz"])
def test_html_may_declare_its_encoding(tmp_path: Path, name: str, charset: str, python: str) -> None:
    raw = PAGE.format(charset=charset).encode(python)
    articles, events = read(write(tmp_path / name, gzip.compress(raw) if name.endswith("gz") else raw))
    assert articles[0].paragraphs[0].startswith("Café owners said on Tuesday that naïve")
    assert events == []


def test_a_scratch_in_a_page_is_noted_and_read_over(tmp_path: Path) -> None:
    raw = (
        PAGE.format(charset="utf-8")
        .replace("</p>", " And so on." * 200 + "</p>")
        .encode()
        .replace(b"tin", b"t\xffn", 1)
    )
    articles, events = read(write(tmp_path / "a.html", raw))
    assert len(articles) == 1
    assert [event.text for event in events if isinstance(event, Note)] == ["1 characters could not be decoded"]


def test_prose_without_any_layout_is_an_article(tmp_path: Path) -> None:
    text = "# A headline\n\nBy Ann Lee\n\n3 May 2011\n\nA paragraph\nthat is wrapped.\n\nAnother one.\n"
    (article,) = read(write(tmp_path / "a.md", text))[0]
    assert (article.title, article.authors, article.published_text) == ("A headline", ("Ann Lee",), "3 May 2011")
    assert article.paragraphs == ("A paragraph that is wrapped.", "Another one.")


def test_large_files_and_lines_are_skipped(tmp_path: Path) -> None:
    limits = Limits(max_file_bytes=len(PLAIN) - 1, max_line_bytes=len(LINE))
    write(tmp_path / "a.txt", PLAIN)
    lines = write(tmp_path / "b.jsonl", f"{LINE[:-1]},{' ' * 500}}}\n{LINE}\n{LINE}")
    articles, events = read(tmp_path, limits=limits)
    assert len(articles) == 1, "the line before the last has a newline too many for this limit"
    assert reasons(events) == ["larger than 0 MiB", *[f"longer than {len(LINE)} bytes"] * 2]
    assert events[1].path == f"{lines}:1"


def test_gzip_bombs_are_stopped(tmp_path: Path) -> None:
    limits = Limits(max_file_bytes=100_000, max_ratio=50, free_bytes=100_000)
    write(tmp_path / "a.jsonl.gz", gzip.compress(f"{LINE}\n".encode() * 100_000))
    write(tmp_path / "b.txt.gz", gzip.compress(b"x" * 10_000_000))
    articles, events = read(tmp_path, limits=limits)
    assert 0 < len(articles) < 100_000
    assert reasons(events) == ["unpacks to more than 50 times its size", "larger than 0 MiB"]


def test_long_articles_are_cut_and_noted(tmp_path: Path) -> None:
    record = {"title": "t", "paragraphs": ["p"] * 5, "comments": [{"text": "c"}] * 4, "reported_comments": 4}
    path = write(tmp_path / "a.jsonl", json.dumps(record))
    (article,), events = read(path, limits=Limits(max_paragraphs=2, max_comments=3))
    assert (len(article.paragraphs), len(article.comments)) == (2, 3)
    assert [event.text for event in events if isinstance(event, Note)] == [
        "only the first 2 of 5 paragraphs kept",
        "only the first 3 of 4 comments kept",
    ]


def test_missing_comments_are_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"title": "t", "comments": [{"text": "c"}], "reported_comments": 3}))
    assert read(path)[1] == [Note(str(path), "the page counts 3 comments, 1 were read (t)")]


def test_progress_adds_up_to_the_size_on_disk(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", f"{LINE}\n" * 1000)
    write(tmp_path / "b.jsonl.gz", gzip.compress(f"{LINE}\n".encode() * 1000))
    write(tmp_path / "c.bin", b"\0" * 1000)
    steps: list[int] = []
    for _article in read_sources([tmp_path], Limits(), lambda _event: None, steps.append):
        assert all(step >= 0 for step in steps)
    assert sum(steps) == sum(source.size for source in source_files([tmp_path], lambda _event: None))


def test_odd_file_names_can_be_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"odd\xff\x1b[31m.txt")
    try:
        path = write(tmp_path / name, PLAIN)
    except OSError:
        pytest.skip("this file system takes no such names")
    (article,) = read(path)[0]
    assert article.path == str(tmp_path / "odd\ufffd[31m.txt")
