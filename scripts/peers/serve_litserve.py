"""The same model behind LitServe, with its batching.

    python serve_litserve.py MODEL.pt PORT THREADS
"""

import sys

import litserve
import torch

BATCH = 64


class Encoder(litserve.LitAPI):
    def setup(self, device):
        torch.set_num_threads(int(sys.argv[3]))
        self.model = torch.jit.load(sys.argv[1]).eval()

    def decode_request(self, request):
        return torch.tensor(request["examples"]).view(-1, 1, 28, 28)

    def batch(self, inputs):
        self.sizes = [len(each) for each in inputs]
        return torch.cat(inputs)

    @torch.inference_mode()
    def predict(self, inputs):
        return self.model.encode(inputs)

    def unbatch(self, output):
        return output.split(self.sizes)

    def encode_response(self, output):
        return {"codes": output.tolist()}


if __name__ == "__main__":
    api = Encoder(max_batch_size=BATCH, batch_timeout=0.002, api_path="/encode")
    server = litserve.LitServer(api, accelerator="cpu", healthcheck_path="/healthz", timeout=30)
    server.run(host="127.0.0.1", port=int(sys.argv[2]), generate_client_file=False, log_level="warning")
