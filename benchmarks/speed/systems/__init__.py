"""One file a system. Each is imported only in a process that measures it."""
