"""A WeChat that runs on your machine."""
