"""`python -m lingpai`, and what the `lingpai` command runs."""

from lingpai.cli import main

if __name__ == "__main__":
    main()
