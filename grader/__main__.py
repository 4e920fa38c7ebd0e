"""`python -m grader` is the command line, too."""

from grader.cli import main

main()
