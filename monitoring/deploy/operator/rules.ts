import type { Catalogue } from '../../../thresholds/model.ts';
import { type GeneratedTexts, generatedText } from '../derived-text.ts';
import { manifest, metadata } from '../kubernetes/resource.ts';
import { ruleParts } from '../kubernetes/rule-parts.ts';

/** `prometheusrule.yaml`: the rules, in as many resources as they need. */
export function prometheusRules(_: Catalogue, texts: GeneratedTexts): string {
  return manifest(
    ruleParts(generatedText(texts, 'prometheus/alert_rules.yml')).map(({ groups }, index) => ({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: metadata(`firedrill-rules-${index}`),
      spec: { groups },
    })),
  );
}
