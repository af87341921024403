import { aptDownload } from './install-apt.ts';
import { goBuild } from './install-go.ts';
import type { Bundle } from './tool.ts';

/** Version built from source where there is no package. Prometheus numbers its Go module 0.3xx for release 3.xx. */
const SOURCE_VERSION = '3.15.0';
const MODULE_VERSION = 'v0.315.0';

/** Prometheus and promtool. */
export const prometheus: Bundle = {
  bundle: 'prometheus',
  tools: [
    {
      tool: 'prometheus',
      variable: 'FIREDRILL_PROMETHEUS',
      programs: ['prometheus'],
      minimum: '2.42.0',
      bundle: 'prometheus',
    },
    {
      tool: 'promtool',
      variable: 'FIREDRILL_PROMTOOL',
      programs: ['promtool'],
      minimum: '2.42.0',
      bundle: 'prometheus',
    },
  ],
  methods: [
    aptDownload({
      debianPackage: 'prometheus',
      programs: { prometheus: 'usr/bin/prometheus', promtool: 'usr/bin/promtool' },
    }),
    goBuild({
      module: `github.com/prometheus/prometheus@${MODULE_VERSION}`,
      packages: ['github.com/prometheus/prometheus/cmd/prometheus', 'github.com/prometheus/prometheus/cmd/promtool'],
      version: SOURCE_VERSION,
      // Cloud service discovery is most of the code and of no use here; file discovery stays in.
      tags: ['remove_all_sd'],
      expectedSeconds: 150,
    }),
  ],
  byHand: (platform) =>
    platform === 'darwin'
      ? 'brew install prometheus'
      : platform === 'linux'
        ? 'sudo apt-get install prometheus (or unpack https://prometheus.io/download/#prometheus onto PATH)'
        : 'unpack https://prometheus.io/download/#prometheus onto PATH',
};
