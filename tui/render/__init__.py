"""Words, numbers and lines for people, for the dashboard and the command line alike; no widget."""
