import { checkCertificate, resolveCertificate } from './certificate.ts';
import type { ProbeLoader } from './loader.ts';

export const tlsLoader: ProbeLoader<'tls'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'tls',
    startTls: document.startTls ?? null,
    serverName: document.serverName ?? null,
    minVersion: document.minVersion ?? null,
    certificate: resolveCertificate(document.certificate ?? {}),
    exports: document.export ?? [],
  }),
  check(context, path, document) {
    checkCertificate(context, [...path, 'certificate'], document.certificate);
  },
};
