"""How somebody with a real AppID finds out where the emulator differs from WeChat.

`probes` and its parts say what is asked, `calling` asks, `shapes` compares, `redacting` hides whatever is nobody's
business, `run` does one after the other, `report` writes it down, `command` is the command line.
"""
