"""The program `autoencoder`: how it is found and called."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).parent
# In a wheel: the program, and what tells it of the font beside it.
HELD_PROGRAM = PACKAGE / "bin" / "autoencoder"
HELD_FONTS = PACKAGE / "fonts" / "fonts.conf"
# In the package of a build: where its program lies.
BUILT_PROGRAM = PACKAGE / "built_program.txt"


class ProgramError(ValueError):
    """What the program said when it refused."""


def own_program():
    """The path of the program that this package holds, or of the build that it was installed from; or None."""
    if HELD_PROGRAM.exists():
        return str(HELD_PROGRAM)
    return shutil.which(BUILT_PROGRAM.read_text().strip()) if BUILT_PROGRAM.exists() else None


def find_program(program=None):
    """The path of `program`, of $AUTOENCODER_PROGRAM, of the package's own, or of `autoencoder` in $PATH. Raises
    FileNotFoundError."""
    wanted = program or os.environ.get("AUTOENCODER_PROGRAM") or own_program() or "autoencoder"
    found = shutil.which(wanted)
    if found is None:
        raise FileNotFoundError(
            f"{wanted}: no such program; install it with 'cmake --install build/release', or name it with "
            "Autoencoder(program=...) or AUTOENCODER_PROGRAM"
        )
    return Path(found)


def environment():
    """What the program finds in its environment: ours, and the fonts of a wheel where it says nothing of others."""
    held = {"FONTCONFIG_FILE": str(HELD_FONTS)} if HELD_FONTS.exists() else {}
    return held | os.environ


def main():
    """The command `autoencoder`: the package's own program in place of this process."""
    program = own_program()
    if program is None:
        sys.exit("error: the build that this package was installed from is gone; install it again")
    os.execve(program, ["autoencoder", *sys.argv[1:]], environment())


def call(program, *words, show=None):
    """Runs the program, and returns what it printed; `show`, where given, is called with each line as it comes.

    Raises ProgramError with its message where it refuses. Ctrl-C (KeyboardInterrupt) stops it as on a terminal: it
    saves, and ends; a second one ends it at once.
    """
    with tempfile.TemporaryFile("w+") as errors:
        # In a session of its own it hears of Ctrl-C from here alone: the second signal would cut its saving short.
        pipes = {"stdout": subprocess.PIPE, "stderr": errors, "text": True, "start_new_session": True}
        pipes["env"] = environment()
        with subprocess.Popen([program, *map(str, words)], **pipes) as process:
            try:
                lines = []
                for line in process.stdout:
                    lines.append(line)
                    if show:
                        show(line)
            except BaseException:
                stop(process)
                raise
        errors.seek(0)
        message = errors.read().strip().removeprefix("error: ")
    if process.returncode != 0:
        raise ProgramError(message or f"{program}: exit status {process.returncode}")
    return "".join(lines)


def stop(process):
    """Lets the program save what it has, and waits for its end."""
    process.terminate()  # means to it what Ctrl-C means, which a process in the background may have been told to ignore
    try:
        process.communicate()
    except BaseException:
        process.kill()
        raise


def option_list(value):
    """An option's words: of a list, or of a text with commas between them."""
    return value.split(",") if isinstance(value, str) else list(value)


def option_words(options):
    """{"latent_dim": 8, "hidden": [64, 32]} -> ["--latent-dim=8", "--hidden=64,32"]; None is left out."""
    words = []
    for name, value in options.items():
        if value is None:
            continue
        if isinstance(value, (list, tuple)):
            value = ",".join(map(str, value)) or "none"
        elif isinstance(value, bool):
            value = str(value).lower()
        words.append(f"--{name.replace('_', '-')}={value}")
    return words
