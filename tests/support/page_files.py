#!/usr/bin/env python3
"""Writes the files that a page of docs/ shows, so that its examples can be compiled as they stand.

usage: page_files.py SOURCE_DIR PAGE OUT_DIR

A block of code belongs to the file that the paragraph before it names first, in backticks and with
a folder: `src/link/private_lo.cpp`. Where the tree has that file the block is added to a copy of
it; otherwise it is the file.
"""
import pathlib
import re
import sys

NAME = re.compile(r"`((?:src|include)/[\w/.-]+\.\w+)`")


def blocks(lines):
    """The paragraph before each block of code, and the block."""
    paragraph, code = [], None
    for line in lines:
        if code is not None:
            if line.startswith("```"):
                yield "".join(paragraph), "".join(code)
                paragraph, code = [], None
            else:
                code.append(line)
        elif line.startswith("```"):
            code = []
        elif line.strip():
            if paragraph and paragraph[-1] == "\n":
                paragraph = []
            paragraph.append(line)
        else:
            paragraph.append("\n")


def main():
    source, page, out = (pathlib.Path(word) for word in sys.argv[1:4])
    written = 0
    for paragraph, code in blocks((source / page).read_text().splitlines(keepends=True)):
        name = NAME.search(paragraph)
        if name is None:
            continue
        existing = source / name[1]
        content = (existing.read_text() if existing.exists() else "") + code
        target = out / name[1]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text() != content:
            target.write_text(content)
        written += 1
    if written == 0:
        sys.exit(f"{page}: no block of code names its file")


main()
