"""What all SQL databases share: tables, migrations, the statements that are not hot, the store.

A dialect (`dialects/`) brings connections and the hot statements, and promises what `port.py` says.
"""
