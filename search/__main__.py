"""``python -m search``: the same as those commands of ``broadsheet`` that ask the index."""

from search.commands import main

if __name__ == "__main__":
    main(prog_name="python -m search")
