"""The terminal UI as numbered lines: for screen readers, dumb terminals and pipes.

``session`` is the loop. It reads with ``terminal`` (its one door to the outside), understands with ``commands``, asks
an ``engine`` and words the answers with ``telling``, ``reading`` and ``wording``; ``notebook`` keeps what was marked.
"""
