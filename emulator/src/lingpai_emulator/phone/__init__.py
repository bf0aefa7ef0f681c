"""The phone in the browser: a page that holds a mini program, and the server that makes its calls.

The page (`static/`) talks to its own origin only. Everything a real phone would send, to WeChat
or to the mini program's server, is sent from here.
"""
