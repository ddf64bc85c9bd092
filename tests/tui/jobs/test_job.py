"""Jobs are real processes: followed to the end, stopped, killed, and never left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from index.errors import UsageError
from index.snapshot import IndexPaths, live_name
from tests.conftest import SEED_PAGES
from tui.jobs import program
from tui.jobs.job import Job, Outcome

WAITING = "import sys, time; print('{}', flush=True); time.sleep(60)"


def started(command: list[str]) -> tuple[Job, threading.Event]:
    ended = threading.Event()
    job = Job("a job", command, ended.set)
    job.start()
    return job, ended


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_MODEL", "hash")


def test_a_rebuild_is_followed_to_its_report(tmp_path: Path) -> None:
    job, ended = started(program.rebuild(tmp_path / "index", [SEED_PAGES]))
    assert ended.wait(60)
    assert (job.outcome, job.why) == (Outcome.DONE, "")
    assert {"reading", "words"} <= {stage for stage, _ in job.course.past}
    assert job.course.summary[0].startswith("18 articles")
    assert any(told.path.endswith("README.md") for told in job.course.named)
    assert live_name(IndexPaths(tmp_path / "index")) is not None


def test_the_current_folder_lends_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index").mkdir()
    for trap in ("index/__init__.py", "json.py", "click.py"):
        (tmp_path / trap).write_text("raise SystemExit('trapped')")
    monkeypatch.chdir(tmp_path)
    job, ended = started(program.rebuild(tmp_path / "made", [SEED_PAGES]))
    assert ended.wait(60)
    assert job.outcome is Outcome.DONE, job.why


def test_a_name_like_a_flag_or_like_standard_input_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_text("no article\n")
    for name in ("-", "--help"):
        job, ended = started(program.rebuild(tmp_path / "index", [Path(name)]))
        assert ended.wait(60)
        assert job.outcome is Outcome.FAILED
        assert str(tmp_path) in job.why


def test_an_expected_error_is_told_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    job, ended = started(program.sync(tmp_path / "index"))
    assert ended.wait(60)
    assert job.outcome is Outcome.FAILED
    assert job.why.startswith("name the files or folders to read")


def test_what_ends_without_a_word_is_told_all_the_same() -> None:
    job, ended = started(python("import os; os.kill(os.getpid(), 9)"))
    assert ended.wait(10)
    assert job.outcome is Outcome.FAILED
    assert "by signal 9" in job.why


def test_a_program_that_is_not_there_is_an_error_with_advice() -> None:
    with pytest.raises(UsageError, match="close other programs"):
        Job("a job", ["/no/such/program"], lambda: None).start()


def test_stopping_lets_it_tidy_up(tmp_path: Path) -> None:
    code = f"""
        import sys, time
        try:
            print('{{"event": "done", "done": 1}}', flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            open({str(tmp_path / "tidy")!r}, "w").close()
            sys.exit(1)
    """
    job, ended = started(python(textwrap.dedent(code)))
    while not job.course.done:
        assert not ended.wait(0.01)
    job.stop()
    assert ended.wait(10)
    assert job.outcome is Outcome.STOPPED
    assert (tmp_path / "tidy").exists()


def test_a_rebuild_that_is_stopped_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    root = tmp_path / "index"
    _, ended = started(program.rebuild(root, [SEED_PAGES]))
    assert ended.wait(60)
    before = live_name(IndexPaths(root))
    job, ended = started(program.rebuild(root, [SEED_PAGES]))
    while not job.course.stage:
        assert not ended.wait(0.01)
    job.stop()
    assert ended.wait(30)
    if job.outcome is Outcome.STOPPED:
        assert live_name(IndexPaths(root)) == before
        assert len(list(IndexPaths(root).snapshots.iterdir())) == 1


def test_what_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.jobs.job.PATIENCE", 0.3)
    job, ended = started(python(f"import signal; signal.signal(2, signal.SIG_IGN); {WAITING}"))
    job.stop()
    assert job.is_stopping
    assert ended.wait(10)
    assert job.outcome is Outcome.STOPPED
    job, ended = started(python(f"import signal; signal.signal(2, signal.SIG_IGN); {WAITING}"))
    job.close()
    assert ended.wait(10)


def test_a_job_does_not_outlive_the_program_that_started_it(tmp_path: Path) -> None:
    """Killed the hard way, the program breaks the job's pipe."""
    code = """
        import os, sys, time
        from pathlib import Path
        from tui.jobs.job import Job
        talks = "import time\\nwhile True: print('{}', flush=True); time.sleep(0.05)"
        job = Job("a job", [sys.executable, "-c", talks], lambda: None)
        job.start()
        print(job._process.pid, flush=True)
        time.sleep(60)
    """
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(python(textwrap.dedent(code)), stdout=subprocess.PIPE, text=True, cwd=root)
    assert parent.stdout is not None
    with parent.stdout as told:
        pid = int(told.readline())
        watched = os.pidfd_open(pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert select.select([watched], [], [], 10)[0]
    os.close(watched)
