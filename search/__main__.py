"""``python -m search``: the same as ``broadsheet search`` and ``broadsheet show``."""

from search.commands import main

if __name__ == "__main__":
    main(prog_name="python -m search")
