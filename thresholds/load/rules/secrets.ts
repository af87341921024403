import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

const SECRET_HEADER = /^(authorization|proxy-authorization|cookie|x-api-key|api-key|x-goog-api-key|x-auth-token)$/i;
const CREDENTIALS_IN_URL = /^[a-z+]+:\/\/[^/@\s]+:[^/@\s]+@/i;

/** Secrets never stand in the catalogue: not in a header, not in an address. */
export function checkSecrets(context: MeaningContext): void {
  const { document } = context.file;
  for (const [index, service] of (document.services ?? []).entries()) {
    const path: Path = ['services', index];
    checkAddress(context, [...path, 'address'], service.address);
    if (service.kind !== 'http') continue;
    for (const [at, endpoint] of service.endpoints.entries()) {
      checkHeaders(context, [...path, 'endpoints', at, 'headers'], endpoint.headers);
    }
  }
  for (const [environment, overlays] of Object.entries(document.environments ?? {})) {
    for (const [service, overlay] of Object.entries(overlays)) {
      checkAddress(context, ['environments', environment, service, 'address'], overlay.address);
    }
  }
  for (const [name, receiver] of Object.entries(document.receivers ?? {})) {
    if (receiver.type === 'webhook' && typeof receiver.url === 'string')
      checkAddress(context, ['receivers', name, 'url'], receiver.url);
  }
}

/** Reports headers that hold a secret. */
export function checkHeaders(context: MeaningContext, path: Path, headers: Record<string, string> | undefined): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    // A value that a step of the probe fetched is no secret of the catalogue.
    if (SECRET_HEADER.test(name) && !value.includes('{{')) {
      context.report(
        [...path, name],
        `the header ${name} holds a secret`,
        'use auth: with {variable: NAME} or {file: PATH}',
        { secret: true },
      );
    }
  }
}

function checkAddress(context: MeaningContext, path: Path, address: string | undefined): void {
  if (address !== undefined && CREDENTIALS_IN_URL.test(address)) {
    context.report(
      path,
      'the address holds a password',
      'use auth: { basic: ... } with {variable: NAME} or {file: PATH}',
      { secret: true },
    );
  }
}
