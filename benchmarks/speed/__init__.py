"""Speed against other search systems: the same passages, the same queries, each system in processes of its own."""
