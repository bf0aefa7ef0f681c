"""A self-hosted identity server for WeChat apps."""
