import type { FaultDefinition } from './fault.ts';

/** New connections are shown a certificate whose validity has ended. */
export const expiredCertificate: FaultDefinition = {
  refusal({ address }) {
    const encrypted = address.kind === 'fleet' && address.tls;
    return encrypted ? null : 'the service speaks plain text: give it the address fleet+tls:';
  },
  apply: (effects) => ({ ...effects, expiredCertificate: true }),
};
