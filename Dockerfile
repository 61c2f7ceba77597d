# syntax=docker/dockerfile:1
# Any Debian-like image with Node 24 and glibc (the embedded PostgreSQL has no build for musl).
ARG BASE_IMAGE=node:24-bookworm-slim

FROM ${BASE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/prune-image.sh scripts/
# Node comes with the image, so its npm packages go; of the reference page only the script that is served stays.
RUN npm ci --omit=dev --ignore-scripts && sh scripts/prune-image.sh

FROM ${BASE_IMAGE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini tzdata ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY drizzle drizzle
COPY templates templates
COPY src src
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
RUN mkdir /data .compile-cache && chown node:node /data .compile-cache
USER node
# The compile cache is filled once, as the user who will read it (Node keeps one per user), so that a one-shot command
# starts in half the time: by the demo, which prints all kinds of widgets from a database of its own, in the main thread
# because only its functions are kept (src/scene/kept-script.ts), and by the commands that it does not use.
RUN DATA_DIR=/tmp/demo DRAWING_THREADS=0 node src/main.ts demo --seconds 3 >/dev/null \
 && rm -r /tmp/demo \
 && for command in serve run render; do node src/main.ts "$command" --help >/dev/null || exit 1; done
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "src/main.ts", "healthcheck"]
ENTRYPOINT ["tini", "--", "node", "/app/src/main.ts"]
CMD ["serve"]
