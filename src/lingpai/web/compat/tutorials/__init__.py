"""The published tutorials, one a file; they do not know one another."""
