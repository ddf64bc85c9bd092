"""``python -m index``: the same as ``broadsheet index``."""

from index.commands import index

if __name__ == "__main__":
    index(prog_name="python -m index")
