"""What is measured beyond the tests: each module is a script that writes a table of ``docs/``."""
