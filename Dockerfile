# Build, CPU:   docker build -t autoencoder .
# Build, GPU:   docker build -t autoencoder:cuda --build-arg TORCH=cuda .
# Run, CPU:     docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" autoencoder train --data-dir data/mnist
# Run, GPU:     docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" --gpus all autoencoder:cuda train --data-dir data/mnist
# A page:       docker build -t autoencoder:demo --target demo . && docker run --rm --read-only -p 8080:8080 autoencoder:demo
# /work is the folder that the program works in: data is read from there, runs/ appears there.

FROM debian:bookworm AS dependencies
ARG TORCH=cpu
ENV AUTOENCODER_TORCH=$TORCH
WORKDIR /source
COPY scripts/setup scripts/
RUN scripts/setup --dependencies

FROM dependencies AS build
COPY . .
RUN scripts/test -L fast
# The program, and of LibTorch and CUDA what a program loads, laid out so that the libraries find each other.
RUN cmake --install build/release --component program --strip --prefix /runtime/usr/local \
 && mkdir -p /runtime/usr/local/lib && cd build/venv/lib/python3*/site-packages && mkdir -p nvidia \
 && find torch/lib nvidia -name '*.so*' \
      ! -name 'libtorch_python.so' ! -path '*/libshm*' ! -name '*.alt.so*' ! -name 'libnvperf*' \
      -exec cp --parents --no-dereference -t /runtime/usr/local/lib {} +

FROM debian:bookworm-slim AS program
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libfmt9 libopencv-core406 libopencv-imgproc406 libopencv-imgcodecs406 libpangocairo-1.0-0 fonts-dejavu-core \
      zlib1g libzstd1 libssl3 libisal2 libdnnl2 libzip4 libgif7 libopenmpi3 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /runtime /
RUN find /usr/local/lib -mindepth 2 -type d -name lib >/etc/ld.so.conf.d/libtorch.conf && ldconfig \
 && useradd --create-home autoencoder && install -d -o autoencoder -g autoencoder /work
USER autoencoder
WORKDIR /work
VOLUME /work
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
ENTRYPOINT ["autoencoder"]
CMD ["--help"]

# The page on a model that is trained while the image is built. Its data stay beside it, for the map of the codes.
FROM build AS trained
RUN build/release/autoencoder train --model vae --data fashion-mnist --epochs 10 --out /demo/fashion --quiet \
 && mkdir -p /demo/data && cp -r /usr/share/datasets/fashion-mnist /demo/data/

FROM program AS demo
COPY --from=trained --chown=autoencoder /demo /demo
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ok <&3"]
CMD ["serve", "/demo/fashion", "--data-dir", "/demo/data/fashion-mnist", "--host", "0.0.0.0"]

FROM program AS runtime
