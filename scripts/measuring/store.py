"""Results between calls: a JSON file, and the Markdown that is made of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Store:
    """`name`.json and `name`.md in `folder`; `render` makes the text of the second, without the last line's end."""

    folder: Path
    name: str
    render: Callable[[dict], str]

    @property
    def table(self):
        return self.folder / f"{self.name}.md"

    def load(self):
        return load_json(self.folder / f"{self.name}.json")

    def write(self, results):
        """Both files, each of which is the old or the new one at any time."""
        text = self.render(results)
        write_json(self.folder / f"{self.name}.json", results)
        replace_file(self.table, f"{text}\n")


def load_json(path):
    """What the file holds, or {} where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_json(path, content):
    replace_file(path, f"{json.dumps(content, indent=1)}\n")


def replace_file(path, text):
    temporary = path.with_name(f"{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
