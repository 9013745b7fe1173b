"""Both faces in a terminal: the Textual dashboard and the command line."""

import os

# Before pydantic is imported: it would look through every installed distribution for plugins, which takes a
# twentieth of the time to the first screen, and lrtui has none. Only the engine inherits it, and gains too.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
