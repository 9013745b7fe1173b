"""Between the terminal and Textual: what comes in, what goes out, and whether anybody is there."""
