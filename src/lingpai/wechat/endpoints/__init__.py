"""Which WeChat endpoints can be called? One file per first path segment; see ``Endpoint``."""
