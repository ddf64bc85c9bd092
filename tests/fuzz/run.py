"""Fuzz one target under atheris: ``python tests/fuzz/run.py TARGET [libFuzzer flags]``; ``make fuzz`` does all.

A target is a module ``TARGET_fuzz`` with ``ready()``, a context manager that gives what checks one input and the inputs
to begin with. Its imports are instrumented here; the tests load it without atheris.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

import atheris


def main() -> None:
    """Fuzz as the command line says; what is found new goes to a folder of its own, not to the kept corpus."""
    target = sys.argv.pop(1)
    sys.path.insert(0, str(Path(__file__).parent))
    with atheris.instrument_imports(include=["index", "search"]):
        module = importlib.import_module(f"{target}_fuzz")
    with tempfile.TemporaryDirectory() as corpus, module.ready() as (check, seeds):
        for number, data in enumerate(seeds):
            (Path(corpus) / str(number)).write_bytes(data)
        atheris.Setup([*sys.argv, f"-artifact_prefix={target}-", corpus], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
