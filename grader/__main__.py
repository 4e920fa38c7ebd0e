"""`python -m grader` is the command line, too."""

from .cli import main

main()
