"""The scripts of benchmarks/ run, and say what they measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )


def test_without_a_folder_one_is_told_what_there_is() -> None:
    done = run("benchmarks")
    assert done.returncode == 0
    assert "BENCH_DATA=" in done.stdout


def test_every_collection_of_a_folder_is_in_the_table(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "data" / name
        (folder / "qrels").mkdir(parents=True)
        (folder / "corpus.jsonl").write_text(json.dumps({"_id": "d1", "title": "Harbour", "text": "Silt."}) + "\n")
        (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "harbour"}) + "\n")
        (folder / "qrels" / "test.tsv").write_text("q1\td1\t1\n")
    (tmp_path / "data" / "other").mkdir()
    target = tmp_path / "quality.md"
    target.write_text("# Old figures\n\n## How the weights were chosen\n\nBy hand.\n", "utf-8")
    done = run(
        "benchmarks.quality",
        str(tmp_path / "data"),
        *("--model", "hash", "--cache", str(tmp_path / "cache"), "--output", str(target)),
    )
    assert done.returncode == 0, done.stderr
    assert "left out other" in done.stderr
    table = target.read_text("utf-8")
    assert "| run | one | two | mean |" in table
    assert "| hybrid | 1.000 | 1.000 | 1.000 |" in table
    assert "model hash" in table
    assert str(tmp_path) not in table
    assert table.endswith("\n\n## How the weights were chosen\n\nBy hand.\n")
    assert "Old figures" not in table


def test_the_picture_of_the_readme_can_be_drawn(tmp_path: Path) -> None:
    target = tmp_path / "screen.svg"
    done = run("benchmarks.screenshot", "--model", "hash", "--output", str(target))
    assert done.returncode == 0, done.stderr
    for picture in (target.read_text("utf-8"), (ROOT / "docs" / "screen.svg").read_text("utf-8")):
        assert picture.startswith("<svg")
        assert len(picture) < 100_000
        assert "flood" in picture
        assert "://" not in picture.replace("http://www.w3.org", "").replace("https://www.textualize.io", "")
        assert not any(folder in picture for folder in (str(tmp_path), str(ROOT), "/home/", "/tmp/"))


def test_typing_is_measured(tmp_path: Path) -> None:
    done = run("benchmarks.typing", str(ROOT / "seeds"), "--cache", str(tmp_path), "--size", "80x24")
    assert done.returncode == 0, done.stderr
    assert "| from a key press to results |" in done.stdout
    assert "Stale results shown: 0" in done.stdout


def test_a_folder_without_collections_is_an_error(tmp_path: Path) -> None:
    done = run("benchmarks.quality", str(tmp_path), "--model", "hash")
    assert done.returncode == 2
    assert "no collection" in done.stderr


def test_a_rebuild_is_measured_stage_by_stage(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"title": "Harbour", "paragraphs": ["It was dredged."]}) + "\n", "utf-8")
    done = run("benchmarks.rebuild", "--in-turn", str(path))
    assert done.returncode == 0, done.stderr
    assert "2 passages, 1 articles" in done.stdout
    assert all(f"| {stage} |" in done.stdout for stage in ("read", "link", "words", "publish", "in all"))
    parts = done.stdout.partition("processor time")[2]
    assert all(f"| {stage} |" in parts for stage in ("sources read", "store and furniture", "stacking", "words"))
    assert "0 MB beside" in done.stdout
    assert run("benchmarks.rebuild").returncode == 2
