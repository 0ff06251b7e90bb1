#!/usr/bin/env python3
"""Writes the files that a page of docs/ shows, so that its examples can be compiled as they stand.

usage: page_files.py SOURCE_DIR PAGE OUT_DIR

A block of code belongs to the file that the paragraph before it names first, in backticks and with
a folder: `src/link/private_lo.cpp`. Where the tree has no such file the block is the file. Where it
has, the block is put in behind the line that the paragraph names with the word "after", as in
"after `UB_END_COUNTS(SendCounts)`", or at the end. OUT_DIR may be SOURCE_DIR.

Prints each file, and whether it is new or how many lines it got.
"""
import pathlib
import re
import sys

NAME = re.compile(r"`((?:src|include)/[\w/.-]+\.\w+)`")
PLACE = re.compile(r"\bafter\s+`([^`]+)`")


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


def with_block(content, code, place, where):
    if place is None:
        return content + code
    lines = content.splitlines(keepends=True)
    found = [i for i, line in enumerate(lines) if place in line]
    if len(found) != 1:
        sys.exit(f"{where}: `{place}` is in {len(found)} lines, expected 1")
    return "".join(lines[: found[0] + 1]) + code + "".join(lines[found[0] + 1 :])


def main():
    source, page, out = (pathlib.Path(word) for word in sys.argv[1:4])
    files, added = {}, {}
    for paragraph, code in blocks((source / page).read_text().splitlines(keepends=True)):
        name = NAME.search(paragraph)
        if name is None:
            continue
        path = name[1]
        if path not in files:
            existing = source / path
            files[path] = existing.read_text() if existing.exists() else ""
            added[path] = 0 if existing.exists() else None
        place = PLACE.search(paragraph)
        where = f"{page}, {path}"
        files[path] = with_block(files[path], code, place and place[1], where)
        if added[path] is not None:
            added[path] += code.count("\n")
    if not files:
        sys.exit(f"{page}: no block of code names its file")
    for path, content in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
        new = added[path] is None
        print(f"{page}: {path}: " + ("new file" if new else f"+{added[path]} lines"))


main()
