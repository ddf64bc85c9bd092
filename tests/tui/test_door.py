"""Text from outside has one way to the screen: ``tui/text.py``. Reads the source, so that no new module forgets."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tui

ROOT = Path(tui.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
MAKERS = {"Content", "Text", "Markdown", "from_markup", "from_text", "from_rich_text", "assemble", "render_str"}
SHOWERS = {"Static", "Label", "Option", "Button", "Markdown", "update", "notify"}


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_safe(argument: ast.expr) -> bool:
    """A literal of our own, or something that was made: a call, which may not be one of the makers."""
    return isinstance(argument, ast.Constant | ast.Call)


def faults(source: str) -> list[str]:
    """Return what in a module could bring data to the screen by another way."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = called(node)
            shown = node.args[0] if node.args and name in SHOWERS else None
            if name in MAKERS or (shown is not None and not is_safe(shown)):
                found.append(f"line {node.lineno}: {name}(…)")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            if module.split(".")[0] == "rich" or module == "textual.markup":
                found.append(f"line {node.lineno}: import of {module}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_other_module_makes_content(path: Path) -> None:
    if path == ROOT / "text.py":
        return
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(f'by {author}')",
        "Static(title)",
        "Content(title)",
        "Content.from_markup('[b]$x', x=title)",
        "self.notify(error.args[0])",
        "from rich.text import Text",
        "import rich",
    ],
)
def test_the_check_sees_the_usual_slips(source: str) -> None:
    assert faults(source)
