"""Loads a program of scripts/, whose name ends in no .py, as a module."""

import importlib.util
import pathlib
import sys
from importlib.machinery import SourceFileLoader

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


def load_script(name):
    sys.dont_write_bytecode = True
    loader = SourceFileLoader(name.replace("-", "_"), str(SCRIPTS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module  # where dataclasses look
    loader.exec_module(module)
    return module
