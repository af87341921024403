import type { Catalogue } from '../../../thresholds/model.ts';
import { LABEL, WATCHDOG_ALERT } from '../../../thresholds/names.ts';
import type { Draft } from '../draft.ts';

/** Always fires: when its receiver hears nothing of it any more, the way from Prometheus to people is broken. */
export function watchdog({ environment }: Catalogue): Draft {
  return {
    name: WATCHDOG_ALERT,
    severity: 'info',
    objective: 'alert-delivery',
    expr: 'vector(1)',
    forMs: 0,
    labels: { [LABEL.service]: 'prometheus', [LABEL.environment]: environment },
    summary: 'Alerting works',
    description:
      'This alert always fires. A receiver that watches for it tells when it stops: then no alert of any system arrives.',
    guidance: {
      meaning:
        'Nothing is wrong. It fires all the time to show that alerts get from Prometheus through Alertmanager to a receiver.',
      impact: 'None while it fires. When it stops arriving, no other alert arrives either.',
      checks: [
        'It stopped arriving: is Prometheus running, and does its page Alerts show it?',
        'Is Alertmanager running, and does its page show it?',
        'Does the receiver that listens for it still exist?',
      ],
      fix: 'Bring back the first part of the chain that is silent: Prometheus, Alertmanager, receiver.',
    },
    drill: { mode: 'always', reason: 'it never is inactive; a drill sees it arrive' },
  };
}
