"""scripts/reproduce from its command line to its files."""

import argparse

from ..ending import Failure
from ..places import ROOT
from ..store import Store
from .program import require_built
from .rows import ROWS, SECTIONS
from .tables import markdown


def main(description):
    arguments = parse_arguments(description)
    store = store_in(ROOT)
    done = done_rows(store.load())
    if arguments.list:
        print("\n".join(f"{name:24}{'done' if name in done else ''}" for name in ROWS))
        return
    require_built()
    for name in arguments.rows or [name for name in ROWS if name not in done]:
        measure(name, store, arguments.again)
    print(f"{store.table}: written")


def parse_arguments(description, words=None):
    """`words` are those of the command line where there are none. Exits where one is wrong."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--list", action="store_true", help="the rows, and which are done")
    parser.add_argument("--again", action="store_true", help="train the rows named from the start")
    arguments = parser.parse_args(words)
    for name in arguments.rows:
        if name not in ROWS:
            parser.error(f"{name}: no such row; scripts/reproduce --list names them")
    if arguments.again and not arguments.rows:
        parser.error("--again needs the rows to train again")
    return arguments


def store_in(folder):
    return Store(folder, "RESULTS", lambda results: markdown(results, SECTIONS))


def done_rows(results):
    """Names of the rows with a result whose runs are there as well."""
    return {name for name in results if name in ROWS and ROWS[name].is_done()}


def measure(name, store, again):
    """Does a row and writes its result in place of the old one, right away: the rows before it are kept."""
    if again:
        ROWS[name].forget()
    try:
        result = ROWS[name].do()
    except ModuleNotFoundError as error:
        raise Failure(f"no Python module {error.name}: apt-get install python3-opencv python3-sklearn, for adbench "
                      "and nab pip install pyod tqdm torch, or name other rows") from error
    store.write(store.load() | {name: result})
