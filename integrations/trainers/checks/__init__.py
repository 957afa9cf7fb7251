"""Checks that real trainers read Espalier's training sets as they are meant: `python -m checks.NAME FOLDER`."""
