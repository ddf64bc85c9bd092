"""The screen in a browser: a page, a guard before it, and a process for each page that is open."""
