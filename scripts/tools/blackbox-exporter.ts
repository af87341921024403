import { aptDownload } from './install-apt.ts';
import type { Bundle } from './tool.ts';

/** blackbox_exporter: what our prober is measured against. Firedrill itself needs none. */
export const blackboxExporter: Bundle = {
  bundle: 'blackbox_exporter',
  tools: [
    {
      tool: 'blackbox_exporter',
      variable: 'FIREDRILL_BLACKBOX_EXPORTER',
      programs: ['blackbox_exporter', 'prometheus-blackbox-exporter'],
      minimum: '0.23.0',
      bundle: 'blackbox_exporter',
    },
  ],
  methods: [
    aptDownload({
      debianPackage: 'prometheus-blackbox-exporter',
      programs: { blackbox_exporter: 'usr/bin/prometheus-blackbox-exporter' },
    }),
  ],
  byHand: () =>
    'sudo apt-get install prometheus-blackbox-exporter (or unpack https://prometheus.io/download/#blackbox_exporter onto PATH)',
};
