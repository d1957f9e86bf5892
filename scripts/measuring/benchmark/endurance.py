"""The service for minutes under all that clients do: good requests, bad ones, some that break off, some that dawdle."""

import collections
import contextlib
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from types import MappingProxyType

from ..ending import Failure
from ..mnist import read_images
from .processes import ended, environment, started
from .service import free_port, memory_mb, ours, wait_for

GOOD, BAD, BROKEN, SLOW = 6, 2, 2, 2  # clients of each kind, all at once
PICTURES = 64
PATIENCE = 30  # seconds; an answer that takes longer counts as none
PACE = 0.1  # seconds, from byte to byte of a slow client
TOLERANCE = 1e-4  # of a code: pictures of other clients in the same batch change how its sums are rounded
SETTLED = 0.1  # share of the time after which memory should no longer grow


def endurance_measures(call, seconds):
    return {"autoencoder serve": lambda _: measure(call, seconds)}


def measure(call, seconds):
    port = free_port()
    process = started(ours(call)(port), environment(call), subprocess.DEVNULL, subprocess.DEVNULL)
    with ended(process):
        wait_for(process, port)
        clients = Clients(port, f"/v1/models/{call.workload.name}-used", time.monotonic() + seconds)
        memory = clients.run(lambda: memory_mb(process.pid, "VmRSS"), seconds)
        os.kill(process.pid, signal.SIGTERM)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"does not stop within {PATIENCE} s") from error
    if status:
        raise Failure(f"ended with status {status}")
    settled = memory[int(len(memory) * SETTLED)]
    return {"seconds": seconds, "peak_mb": max(memory), "settled_mb": settled, "last_mb": memory[-1], **clients.counts}


class Clients:
    """All that call the service at `port` until `end`, of time.monotonic()."""

    def __init__(self, port, path, end):
        self.port, self.path, self.end = port, path, end
        self.counts = collections.Counter(good=0, wrong=0, unanswered=0, refused=0, misjudged=0, broken=0, slow=0)
        self.lock = threading.Lock()
        self.bodies = [json.dumps({"examples": [picture]}).encode() for picture in read_images(PICTURES)]
        self.codes = [self.code_of(body) for body in self.bodies]  # while nobody else calls

    def run(self, memory_of, seconds):
        """Has them call, and gives the server's memory at a hundred moments meanwhile."""
        kinds = ((self.ask_well, GOOD), (self.ask_badly, BAD), (self.break_off, BROKEN), (self.dawdle, SLOW))
        threads = [threading.Thread(target=self.repeat, args=(act, number))
                   for act, count in kinds for number in range(count)]
        for thread in threads:
            thread.start()
        memory = []
        while time.monotonic() < self.end:
            memory.append(memory_of())
            time.sleep(seconds / 100)
        for thread in threads:
            thread.join()
        return memory

    def repeat(self, act, number):
        while time.monotonic() < self.end:
            outcome = act(number)
            with self.lock:
                self.counts[outcome] += 1
            number += 1

    def code_of(self, body):
        answer, content = self.request("POST", "/encode", body)
        if answer != 200:
            raise Failure(f"a picture is answered by status {answer}")
        return json.loads(content)["codes"][0]

    def request(self, method, path, body=b"", headers=MappingProxyType({})):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, self.path + path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def ask_well(self, number):
        chosen = number * 7 % PICTURES
        try:
            code = self.code_of(self.bodies[chosen])
        except (OSError, http.client.HTTPException, Failure):
            return "unanswered"
        close = all(abs(a - b) <= TOLERANCE * max(1, abs(b)) for a, b in zip(code, self.codes[chosen], strict=True))
        return "good" if close else "wrong"

    def ask_badly(self, number):
        expected, *words = BAD_REQUESTS[number % len(BAD_REQUESTS)]
        try:
            status, _ = self.request(*words)
        except (OSError, http.client.HTTPException):
            return "unanswered"
        return "refused" if status == expected else "misjudged"

    def break_off(self, number):
        """Half a request, or a request whose answer nobody takes, and the connection is reset."""
        with contextlib.suppress(OSError), self.connected() as client:
            body = self.bodies[number % PICTURES]
            head = self.head("/encode", len(body))
            client.sendall(head + body[: len(body) // 2] if number % 2 else head + body)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(PACE / 50)
        return "broken"

    def dawdle(self, number):
        """Sends a byte at a time, or takes a long answer a few bytes at a time, as long as it is let."""
        with contextlib.suppress(OSError), self.connected() as client:
            if number % 2:
                for byte in self.head("/encode", 5)[:30]:
                    client.sendall(bytes([byte]))
                    time.sleep(PACE)
            else:
                client.sendall(self.head("/sample?count=1000", 0))
                for _ in range(30):
                    client.recv(100)
                    time.sleep(PACE)
        return "slow"

    def connected(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def head(self, path, length):
        return (f"POST {self.path}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Content-Length: {length}\r\n\r\n").encode()


# The status that is due, and the request.
BAD_REQUESTS = (
    (400, "POST", "/encode", b"{"),
    (422, "POST", "/encode", b"[[1,2,3]]"),
    (422, "POST", "/encode", b'{"examples":[["a"]]}'),
    (422, "POST", "/encode", b"[[" + b"null," * 783 + b"null]]"),
    (400, "POST", "/encode", b"[[NaN]]"),
    (415, "POST", "/encode", b"x", {"Content-Type": "text/nothing"}),
    (422, "POST", "/encode", b"\x89PNG\r\n\x1a\n" + bytes(100), {"Content-Type": "image/png"}),
    (405, "DELETE", "/encode"),
    (404, "POST", "/nothing", b"[]"),
    (404, "POST", "/../../etc/passwd", b"[]"),
    (431, "GET", "/", b"", {"X": "x" * 20_000}),
    (422, "POST", "/sample?count=-1"),
)
