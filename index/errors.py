"""The one exception tree; every message ends with what to do next.

::

    BroadsheetError                 anything a user can cause or mend
    ├── UsageError                  the call itself is wrong (exit code 2)
    │   ├── QueryError              a query beyond the limits of section 7
    │   └── SourceError             nothing at all could be read from the sources given
    ├── ModelError                  an embedding model is missing, unsafe or not the one expected
    ├── NotFound                    no such article or passage
    ├── StateDamaged                what a screen remembered cannot be read, and was set aside
    └── IndexUnusable               there is no index to answer from (exit code 3)
        ├── IndexMissing            none was ever built here
        ├── IndexDamaged            a file is missing, short or inconsistent
        ├── IndexOutdated           written by another format or text version, or for another model
        ├── IndexLocked             another process is writing
        └── IndexUnreachable        the system refuses a file: disk full, no permission, too many open files
"""


class BroadsheetError(Exception):
    """Root of every expected error; front ends print its message and never a traceback."""

    exit_code = 2


class UsageError(BroadsheetError):
    """The request itself cannot be carried out as given."""


class QueryError(UsageError):
    """The query exceeds a limit (length, clauses, expansions or depth)."""


class SourceError(UsageError):
    """Not one article could be read from the sources given."""


class ModelError(BroadsheetError):
    """The embedding model is missing, unsafe to load, or not the expected one."""


class NotFound(BroadsheetError):
    """The index holds no article or passage of that id."""

    exit_code = 1


class StateDamaged(BroadsheetError):
    """A file of what the screen remembers could not be read; the screen goes on without it."""


class IndexUnusable(BroadsheetError):
    """There is no index that could answer."""

    exit_code = 3


class IndexMissing(IndexUnusable):
    """No index was built in this directory yet."""


class IndexDamaged(IndexUnusable):
    """A file of the index is missing, short, or disagrees with the others."""


class IndexOutdated(IndexUnusable):
    """The index was written by another version, or for another model."""


class IndexLocked(IndexUnusable):
    """Another process holds the writer lock."""


class IndexUnreachable(IndexUnusable):
    """The system refused to read or write a file: what was there before is still there."""
