"""The ways a person proves who they are, one a file."""
