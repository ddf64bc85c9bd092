"""What takes long and runs beside the screen, each in a process of its own: building, syncing, previewing."""
