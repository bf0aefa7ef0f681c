"""How programs that cannot be told another URL meet the emulator: a proxy that stands in for WeChat's hosts alone.

`authority` signs for these hosts and no other, `files` and `environment` tell programs to believe it,
`tunnel` takes their connections. Nothing is ever forwarded: what is not WeChat's is refused.
"""
