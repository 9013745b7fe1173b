"""Both faces in a terminal: the Textual dashboard and the command line."""
