"""Tests that includes point one way: down the layers, in no circle, and to a library only from its home."""

import re
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# From the ground up. A layer may include itself and any below, but none beside it.
LEVELS = (
    ("common",),
    ("http",),
    ("data",),
    ("models",),
    ("run",),
    ("training", "evaluation", "compression", "export", "pictures", "recipes"),
    ("report",),
    ("tasks",),
    ("service",),
    ("cli",),
    ("commands",),
    ("main",),
    ("tests",),
)
HEIGHTS = {layer: height for height, layers in enumerate(LEVELS) for layer in layers}

# Layers that see less than all below them: layers, or single files.
SEES_ONLY = {
    "http": {"common"},
    "models": {"common", "src/data/batch.h", "src/data/examples.h", "src/data/feature_statistics.h",
               "src/data/row_layout.h", "src/data/scaling.h"},
    "main": {"cli", "common"},
}

# Where a library may be included; tests of such a layer may include it as well.
HOMES = {
    "boost/": "http",
    "zip.h": "data",
    "opencv2/": "pictures",
    "gif_lib.h": "pictures",
    "pango/": "pictures",
    "cairo": "pictures",
    "fontconfig/": "pictures",
    "torch/script.h": "export",
    "torch/csrc/jit/": "export",
    "cxxopts": "cli",
}

# Headers of which each compilation pays for everything: even precompiled, torch/torch.h costs a file 16 s and torch/types.h 5.
TOO_WIDE = {
    "torch/torch.h": "torch/types.h and the headers of what it uses",
    "torch/all.h": "torch/types.h and the headers of what it uses",
    "torch/nn.h": "the headers of the modules that it uses",
}

# (file, what it includes): why, though the rules forbid it.
EXCEPTIONS = {
    ("models/kernels/fused_layers.cpp", "torch/csrc/jit/frontend/tracer.h"): "asks whether it is being traced: no fusing then",
}


def sources(root):
    """The paths of all C++ files, relative to the root."""
    found = (path for folder in ("models", "src", "tests") for path in (root / folder).rglob("*"))
    return sorted(str(path.relative_to(root)) for path in found if path.suffix in (".cpp", ".h"))


def layer_of(path):
    first, *rest = path.split("/")
    if first == "src":
        return rest[0] if len(rest) > 1 else "main"
    return first


def includes_of(root, path):
    """What a file includes: as (path in this tree, None) or (None, as written) where it is another's."""
    for written in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', (root / path).read_text(), re.MULTILINE):
        for candidate in (written, f"src/{written}", f"src/{written}.in"):
            if (root / candidate).is_file():
                yield candidate, None
                break
        else:
            yield None, written


def layer_fault(path, target):
    """Why `path` may not include `target`, both of this tree; nothing where it may."""
    layer, below = layer_of(path), layer_of(target)
    for name, of in ((layer, path), (below, target)):
        if name not in HEIGHTS:
            return f"{of} is in no layer: give {name} its place in tests/layers/includes_test.py"
    if layer == below:
        return None
    if HEIGHTS[below] >= HEIGHTS[layer] or not {below, target} & SEES_ONLY.get(layer, {below}):
        return f"{path} includes {target}: {layer} may not use {below}"
    return None


def library_fault(path, written):
    """Why `path` may not include a library's `written`; nothing where it may."""
    if written in TOO_WIDE:
        return f"{path} includes {written}: take {TOO_WIDE[written]}"
    home = next((home for start, home in HOMES.items() if written.startswith(start)), None)
    lives_there = home is None or layer_of(path) == home or path.startswith(f"tests/{home}/")
    return None if lives_there else f"{path} includes {written}, which only {home} may"


def faults(root, exceptions):
    """All that break the rules, and the exceptions that nothing needs any longer."""
    found, unused = [], set(exceptions)
    for path in sources(root):
        for target, written in includes_of(root, path):
            fault = layer_fault(path, target) if target else library_fault(path, written)
            if fault and (path, target or written) in exceptions:
                unused.discard((path, target or written))
            elif fault:
                found.append(fault)
    return found + [f"{path} no longer needs its exception for {target}" for path, target in sorted(unused)]


def find_circle(root):
    """Files of which each includes the next, and the last the first; empty where there are none."""
    done, way = set(), []

    def visit(path):
        if path in way:
            return way[way.index(path):]
        if path in done:
            return []
        way.append(path)
        for target, _ in includes_of(root, path):
            circle = visit(target) if target else []
            if circle:
                return circle
        way.pop()
        done.add(path)
        return []

    return next(filter(None, map(visit, sources(root))), [])


class Tree(unittest.TestCase):
    """The project's own files."""

    def test_includes_keep_the_rules(self):
        self.assertEqual(faults(ROOT, EXCEPTIONS), [])

    def test_includes_run_in_no_circle(self):
        self.assertEqual(find_circle(ROOT), [])

    def test_there_are_files_to_look_at(self):
        self.assertGreater(len(sources(ROOT)), 100)


class Rules(unittest.TestCase):
    """Made-up trees."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, *includes):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text("".join(f"#include {include}\n" for include in includes))

    def expect(self, fault, exceptions=()):
        self.assertEqual(faults(self.root, exceptions), [fault] if fault else [])

    def test_down_is_allowed(self):
        self.write("src/common/error.h")
        self.write("src/commands/train.cpp", '"common/error.h"', "<vector>")
        self.expect(None)

    def test_up_is_not(self):
        self.write("src/cli/command.h")
        self.write("src/common/error.h", '"cli/command.h"')
        self.expect("src/common/error.h includes src/cli/command.h: common may not use cli")

    def test_nor_is_sideways(self):
        self.write("src/report/report.h")
        self.write("src/training/trainer.h", '"report/report.h"')
        self.expect("src/training/trainer.h includes src/report/report.h: training may not use report")

    def test_models_see_no_data_sets(self):
        self.write("src/data/dataset.h")
        self.write("models/plain.cpp", '"data/dataset.h"')
        self.expect("models/plain.cpp includes src/data/dataset.h: models may not use data")

    def test_single_files_may_be_seen(self):
        self.write("src/data/batch.h")
        self.write("models/plain.cpp", '"data/batch.h"')
        self.expect(None)

    def test_generated_headers_have_a_layer(self):
        self.write("src/report/page.h.in")
        self.write("src/training/trainer.cpp", '"report/page.h"')
        self.expect("src/training/trainer.cpp includes src/report/page.h.in: training may not use report")

    def test_a_new_folder_needs_a_place(self):
        self.write("src/common/error.h")
        self.write("src/garage/server.cpp", '"common/error.h"')
        self.expect("src/garage/server.cpp is in no layer: give garage its place in tests/layers/includes_test.py")

    def test_libraries_have_a_home(self):
        self.write("tests/pictures/grid_test.cpp", "<opencv2/core.hpp>")
        self.write("src/pictures/grid.cpp", "<opencv2/core.hpp>")
        self.write("src/data/formats/idx.cpp", "<opencv2/core.hpp>")
        self.expect("src/data/formats/idx.cpp includes opencv2/core.hpp, which only pictures may")

    def test_headers_of_everything_are_too_wide(self):
        self.write("models/plain.cpp", "<torch/types.h>", "<torch/nn.h>")
        self.expect("models/plain.cpp includes torch/nn.h: take the headers of the modules that it uses")

    def test_exceptions_are_needed_or_gone(self):
        self.write("models/plain.cpp", "<torch/script.h>")
        self.expect(None, {("models/plain.cpp", "torch/script.h")})
        self.write("models/plain.cpp")
        self.expect("models/plain.cpp no longer needs its exception for torch/script.h",
                    {("models/plain.cpp", "torch/script.h")})

    def test_circles_are_found(self):
        self.write("models/a.h", '"models/b.h"')
        self.write("models/b.h", '"models/c.h"')
        self.write("models/c.h", '"models/b.h"')
        self.assertEqual(find_circle(self.root), ["models/b.h", "models/c.h"])


if __name__ == "__main__":
    unittest.main()
