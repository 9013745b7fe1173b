"""A guided tour over the dashboard: pages that say what to press and what to see."""
