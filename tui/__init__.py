"""The front end: the ``broadsheet`` command and the full-screen program. It asks ``search`` and shows the answers."""
