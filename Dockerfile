# SPDX-License-Identifier: BSD-2-Clause
# Faultline where there is neither Debian nor Ubuntu (macOS, for one):
#   docker build -t faultline . && docker run -it --rm faultline
FROM debian:bookworm-slim
WORKDIR /faultline
COPY scripts scripts
RUN apt-get update && scripts/setup build --yes && rm -rf /var/lib/apt/lists/*
COPY . .
RUN make -s -j"$(nproc)" all && make -s install PREFIX=/usr
CMD ["faultline", "lesson"]
