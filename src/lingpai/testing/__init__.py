"""What others may reuse in their tests."""
