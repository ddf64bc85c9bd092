"""The screens: each holds the state its widgets show, and is where their messages meet."""
