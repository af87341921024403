import type { z } from 'zod';
import type { certificateExpectation } from '../../document/probe/certificate.ts';
import type { CertificateExpectation } from '../../model.ts';
import { parseDurationMs } from '../../units.ts';
import type { MeaningContext } from '../meaning.ts';
import { checkPattern } from '../rules/patterns.ts';
import type { Path } from '../source.ts';

type CertificateDocument = z.infer<typeof certificateExpectation>;

/** What a certificate must be, with its defaults. */
export function resolveCertificate(document: CertificateDocument): CertificateExpectation {
  return {
    validForMs: document.validFor === undefined ? null : parseDurationMs(document.validFor),
    issuer: document.issuer ?? null,
    subject: document.subject ?? null,
  };
}

/** Reports patterns that do not compile. */
export function checkCertificate(context: MeaningContext, path: Path, document: CertificateDocument | undefined): void {
  checkPattern(context, [...path, 'issuer'], document?.issuer);
  checkPattern(context, [...path, 'subject'], document?.subject);
}
