"""Processes that train together: who they are, how they meet, and what the others do."""
