"""The same model behind FastAPI, uvicorn and PyTorch, with batching as such services have it: requests wait in a
queue, and a thread computes all that came while it computed the last ones.

    python serve_fastapi.py MODEL.pt PORT THREADS
"""

import asyncio
import contextlib
import sys

import torch
import uvicorn
from fastapi import FastAPI
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel

BATCH = 64

model = torch.jit.load(sys.argv[1]).eval()
queue: asyncio.Queue = asyncio.Queue()


class Examples(BaseModel):
    examples: list[list[float]]


@torch.inference_mode()
def encode(examples):
    return model.encode(torch.tensor(examples).view(-1, 1, 28, 28)).tolist()


async def compute():
    loop = asyncio.get_running_loop()
    while True:
        jobs = [await queue.get()]
        while len(jobs) < BATCH and not queue.empty():
            jobs.append(queue.get_nowait())
        codes = await loop.run_in_executor(None, encode, [example for examples, _ in jobs for example in examples])
        for examples, done in jobs:
            done.set_result(codes[: len(examples)])
            codes = codes[len(examples):]


@contextlib.asynccontextmanager
async def lifespan(_):
    task = asyncio.create_task(compute())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan, default_response_class=ORJSONResponse)


@app.get("/healthz")
async def health():
    return {"status": "ok"}


@app.post("/encode")
async def answer(body: Examples):
    done = asyncio.get_running_loop().create_future()
    await queue.put((body.examples, done))
    return ORJSONResponse({"codes": await done})


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[3]))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), loop="uvloop", http="httptools", access_log=False,
                log_level="warning")
