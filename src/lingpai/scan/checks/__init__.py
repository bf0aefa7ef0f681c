"""What each rule looks for. A check is a function from a source to hits; none knows another."""
