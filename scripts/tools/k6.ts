import { goInstall } from './install-go.ts';
import type { Bundle } from './tool.ts';

/** The k6 that firedrill is developed with. */
const VERSION = '1.8.1';

/** Grafana k6, which makes the load. */
export const k6: Bundle = {
  bundle: 'k6',
  tools: [{ tool: 'k6', variable: 'FIREDRILL_K6', programs: ['k6'], minimum: '1.0.0', bundle: 'k6' }],
  methods: [
    goInstall({
      packages: [`go.k6.io/k6@v${VERSION}`],
      expectedSeconds: 90,
    }),
  ],
  byHand: (platform) =>
    platform === 'darwin'
      ? 'brew install k6'
      : `install Go 1.24 or later, then: go install go.k6.io/k6@v${VERSION} (or a package: https://grafana.com/docs/k6/latest/set-up/install-k6/)`,
};
