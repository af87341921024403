import { defineConfig } from 'vitest/config';

const tier = process.env.FIREDRILL_TIER ?? 'test';

export default defineConfig({
  test: {
    // Files ending in .prove.ts are the long tier: outages, sabotage, repetitions. They run with `npm run prove`.
    include: tier === 'prove' ? ['test/**/*.prove.ts'] : ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Acceptance runs start real servers: more workers than cores would only measure each other.
    maxWorkers: tier === 'prove' ? 1 : 2,
  },
});
