import type { ProbeLoader } from './loader.ts';

export const grpcLoader: ProbeLoader<'grpc'> = {
  resolve: (document, timing) => ({ ...timing, kind: 'grpc', service: document.service ?? '' }),
  check() {},
};
