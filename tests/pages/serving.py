"""The program as a service, for as long as a test lasts, and a table to learn from."""

import random
import re
import signal
import subprocess


def write_table(path, count):
    """Rows of numbers and a word that goes by them."""
    random.seed(0)
    rows = ["size,weight,colour"]
    for _ in range(count):
        size = random.uniform(1, 5)
        rows.append(f"{size:.2f},{2 * size + random.uniform(0, 0.3):.2f},{'red' if size > 3 else 'blue'}")
    path.write_text("\n".join(rows) + "\n")


class Service:
    """A call of the program that says the address of its page in its first lines, under way."""

    def __init__(self, program, folder, *words):
        self.process = subprocess.Popen([program, *words], cwd=folder, stdout=subprocess.PIPE, text=True)
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"at (http://\S+)", line):
                self.address = found[1]
                return
        raise AssertionError(f"ended without an address: {self.lines}")

    def stop(self):
        """Its exit status."""
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.stdout.close()
        self.process.wait(timeout=60)
