#!/usr/bin/env python3
"""Holds the blocks of code on a page of docs/ against the files that it names before them.

usage: quotes.py SOURCE_DIR PAGE...
"""
import pathlib
import re
import sys

NAME = re.compile(r"`((?:src|include)/[\w/.-]+\.\w+)`")


def main():
    source = pathlib.Path(sys.argv[1])
    wrong = []
    for page in sys.argv[2:]:
        parts = re.split(r"```(?:cpp)?\n", (source / page).read_text())
        for text, block in zip(parts[0::2], parts[1::2]):
            names = NAME.findall(text)
            if not names:
                wrong.append(f"{page}: no file is named before a block of code")
            elif block not in (source / names[-1]).read_text():
                wrong.append(f"{page}: not in {names[-1]} as it stands:\n{block}")
        if len(parts) < 3:
            wrong.append(f"{page}: has no block of code")
    sys.exit("\n".join(wrong) or 0)


main()
