"""The background worker: a process that trains what the store asks for."""
