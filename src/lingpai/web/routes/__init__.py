"""The HTTP interface, a group of routes a file."""
