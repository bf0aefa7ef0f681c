"""What arrives over HTTP: reading it, answering it, and turning every refusal into a problem answer."""
