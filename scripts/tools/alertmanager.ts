import { aptDownload } from './install-apt.ts';
import { goInstall } from './install-go.ts';
import { relocateDebianAlertmanager } from './relocate-debian-alertmanager.ts';
import type { Bundle } from './tool.ts';

/** The newest version that `go install` can build: later modules lack the built web page that they embed. */
const SOURCE_VERSION = '0.28.1';

/** Alertmanager and amtool. */
export const alertmanager: Bundle = {
  bundle: 'alertmanager',
  tools: [
    {
      tool: 'alertmanager',
      variable: 'FIREDRILL_ALERTMANAGER',
      // Debian's package gives it the longer name.
      programs: ['alertmanager', 'prometheus-alertmanager'],
      minimum: '0.25.0',
      bundle: 'alertmanager',
    },
    { tool: 'amtool', variable: 'FIREDRILL_AMTOOL', programs: ['amtool'], minimum: '0.25.0', bundle: 'alertmanager' },
  ],
  methods: [
    aptDownload({
      debianPackage: 'prometheus-alertmanager',
      programs: { alertmanager: 'usr/bin/prometheus-alertmanager', amtool: 'usr/bin/amtool' },
      finish: relocateDebianAlertmanager,
    }),
    goInstall({
      packages: [
        `github.com/prometheus/alertmanager/cmd/alertmanager@v${SOURCE_VERSION}`,
        `github.com/prometheus/alertmanager/cmd/amtool@v${SOURCE_VERSION}`,
      ],
      version: SOURCE_VERSION,
      expectedSeconds: 60,
    }),
  ],
  byHand: (platform) =>
    platform === 'darwin'
      ? 'brew install alertmanager'
      : platform === 'linux'
        ? 'sudo apt-get install prometheus-alertmanager (or unpack https://prometheus.io/download/#alertmanager onto PATH)'
        : 'unpack https://prometheus.io/download/#alertmanager onto PATH',
};
