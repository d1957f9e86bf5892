"""Tests what the clients of `scripts/benchmark endurance` make of a service's answers. The services here are made up."""

import http.server
import json
import pathlib
import sys
import threading
import time
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import endurance  # noqa: E402

BAD = (422, "POST", "/encode", b"nonsense")


class Halving(http.server.BaseHTTPRequestHandler):
    """Codes are half the pixels; `late` says what all but the first answers are."""

    late = staticmethod(lambda codes: (200, codes))
    answered = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            status, codes = 200, [[pixel / 2 for pixel in json.loads(body)["examples"][0]]]
        except ValueError:
            status, codes = 422, []
        type(self).answered += 1
        if status == 200 and self.answered > endurance.PICTURES:
            status, codes = self.late(codes)
        content = json.dumps({"codes": codes}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # of connections that nobody has taken yet; with the usual 5 some are refused

    def handle_error(self, *_):
        pass  # of clients that broke off


class Clients(unittest.TestCase):
    def setUp(self):
        pictures = [[number / 64, 1.0] for number in range(endurance.PICTURES)]
        self.enterContext(mock.patch.object(endurance, "read_images", return_value=pictures))
        self.enterContext(mock.patch.object(endurance, "BAD_REQUESTS", (BAD,)))
        self.enterContext(mock.patch.object(endurance, "PACE", 0.001))

    def counts(self, *awaited, late=lambda codes: (200, codes)):
        """Of half a second, or of longer where a busy machine had nothing of what is awaited by then."""
        for seconds in (0.5, 2, 8, 32):
            counts = self.counts_of(seconds, late)
            if all(counts[outcome] > 0 for outcome in awaited):
                break
        return counts

    def counts_of(self, seconds, late):
        class Service(Halving):
            pass

        Service.late = staticmethod(late)
        with Server(("127.0.0.1", 0), Service) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            clients = endurance.Clients(server.server_port, "", time.monotonic() + seconds)
            clients.run(lambda: 1.0, seconds)
            server.shutdown()
            thread.join()
        return clients.counts

    def test_right_answers_and_refusals_are_counted(self):
        outcomes = ("good", "refused", "broken", "slow")
        counts = self.counts(*outcomes)
        for outcome in outcomes:
            self.assertGreater(counts[outcome], 0, outcome)
        for outcome in ("wrong", "unanswered", "misjudged"):
            self.assertEqual(counts[outcome], 0, outcome)

    def test_a_code_of_another_picture_is_wrong(self):
        counts = self.counts("wrong", late=lambda codes: (200, [[codes[0][0] + 0.01, codes[0][1]]]))
        self.assertGreater(counts["wrong"], 0)
        self.assertEqual(counts["good"], 0)

    def test_what_is_refused_without_reason_is_unanswered(self):
        counts = self.counts("unanswered", late=lambda codes: (503, codes))
        self.assertGreater(counts["unanswered"], 0)
        self.assertEqual(counts["good"], 0)

    def test_a_bad_request_that_is_taken_is_misjudged(self):
        with mock.patch.object(endurance, "BAD_REQUESTS", ((404, *BAD[1:]),)):
            counts = self.counts("misjudged")
        self.assertGreater(counts["misjudged"], 0)
        self.assertEqual(counts["refused"], 0)


if __name__ == "__main__":
    unittest.main()
