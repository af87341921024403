# The prober, and every other command. Build from the root of the repository: docker build --tag firedrill .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci && npm pack --pack-destination /package

FROM node:24.21.0-bookworm-slim
COPY --from=build /package /package
RUN npm install --global /package/*.tgz && npm cache clean --force && rm -rf /package \
  && mkdir -p /var/lib/firedrill && chown 65532:65532 /var/lib/firedrill
USER 65532:65532
ENTRYPOINT ["firedrill"]
