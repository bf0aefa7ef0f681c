"""What operators do: the command line and the console both call it."""
