"""One package a database; they do not know one another."""
