"""``python -m tui``: the same as ``broadsheet``."""

from tui.cli import main

if __name__ == "__main__":
    main(prog_name="broadsheet")
