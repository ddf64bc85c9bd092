"""Pages saved as MHTML and mails that hold one."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import TYPE_CHECKING

import pytest

from index.sources import mhtml
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.model import Article

STORY = "The ferry left the harbour at noon and was never seen again, said the men of the café."
HEAD = "<html><head><title>Ferry lost</title></head>"
PAGE = f"{HEAD}<body><article><h1>Ferry lost</h1><p>{STORY}</p></article></body></html>"
URL = "https://quay.example/ferry"


def saved(charset: str = "utf-8", *, start: bool = False) -> bytes:
    whole = MIMEMultipart("related", type="text/html")
    whole["From"] = "<Saved by Blink>"
    whole["Date"] = "Mon, 30 Jun 2014 08:15:00 -0000"
    frame = MIMEText("<html><p>Frame</p></html>", "html", "utf-8")
    frame["Content-ID"] = "<frame@mhtml>"
    page = MIMEText(PAGE, "html", charset)
    page["Content-ID"] = "<page@mhtml>"
    page["Content-Location"] = URL
    for part in (frame, page) if start else (page, frame):
        whole.attach(part)
    if start:
        whole.set_param("start", "<page@mhtml>")
    return whole.as_bytes()


def read(raw: bytes) -> Article:
    assert mhtml.looks_like(raw[:65_536])
    return mhtml.read(raw, "p.mhtml", lambda _event: None)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("start", [True, False])
def test_the_page_is_read(charset: str, start: bool) -> None:
    article = read(saved(charset, start=start))
    assert (article.title, article.paragraphs, article.url) == ("Ferry lost", (STORY,), URL)
    assert article.path == "p.mhtml"
    assert article.published is None  # when it was saved is not when it was published


def test_the_address_of_the_whole_counts_first() -> None:
    raw = b"Snapshot-Content-Location: https://quay.example/other\r\n" + saved()
    assert read(raw).url == "https://quay.example/other"


def test_quoted_printable() -> None:
    body = PAGE.encode().replace(b"=", b"=3D").replace("é".encode(), b"=C3=\r\n=A9")
    raw = b'MIME-Version: 1.0\r\nContent-Type: text/html; charset="utf-8"\r\n'
    raw += b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    assert read(raw + body).paragraphs == (STORY,)


@pytest.mark.parametrize(
    "raw",
    [
        b"MIME-Version: 1.0\nContent-Type: text/plain\n\nHello",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\n--x--",
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nno parts",
        b"MIME-Version: 1.0\nContent-Type: text/html; charset*=x''%%\nContent-Transfer-Encoding: base64\n\n!!!",
        b"MIME-Version: 1.0\nContent-Type: multipart/x; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/x; boundary=a\n\n" * 3000,
    ],
    ids=["text", "empty parts", "no parts", "odd", "nested"],
)
def test_what_holds_no_page_is_named(raw: bytes) -> None:
    with pytest.raises(NotRead):
        read(raw)


@pytest.mark.parametrize(
    "head", [b"", b"MIME-Version: 1.0\n", b"Content-Type: x\nMIME-Version: 1\nno field\n\n", b"<html>"]
)
def test_what_is_no_saved_page(head: bytes) -> None:
    assert not mhtml.looks_like(head)
