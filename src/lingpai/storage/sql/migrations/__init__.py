"""How the schema came to be what it is: one file a change under `versions/`, run by `run.py`.

On SQLite a run is one transaction; a database whose DDL is not transactional needs steps that find out by
themselves whether they are done. Columns and tables are added in one release and removed in a later one, so that two
neighbouring releases work with one schema; each version says which releases those are (`neighbours.py`).
A version never imports `tables`: it says what was true then.
"""
