"""What databases that run as servers share: many nodes write to one of them at once.

`lane` lets writes share a commit, `runner` retries and isolates them, `logins` and `rotations` decide in
memory what a whole batch writes, `dialect` puts it together, `schema` migrates. `port` is what a dialect of
one server (`dialects/postgresql`, `dialects/mysql`) brings.
"""
