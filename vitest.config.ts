import { defineConfig } from 'vitest/config';

/**
 * Two tiers: `npm test` runs *.test.ts, `npm run prove` runs *.prove.ts (outages, sabotage, repetitions). In the first one the acceptance
 * files come last and one at a time: each run of the whole command line measures, so runs wait for each other anyway.
 */
const prove = process.env.FIREDRILL_TIER === 'prove';

const unit = {
  test: {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: ['test/acceptance/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // These start real servers as well: more workers than cores would only measure each other.
    maxWorkers: 2,
    sequence: { groupOrder: 0 },
  },
};
const acceptance = {
  test: {
    name: 'acceptance',
    include: ['test/acceptance/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    sequence: { groupOrder: 1 },
  },
};
const long = {
  test: {
    name: 'prove',
    include: ['test/**/*.prove.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
};

export default defineConfig({ test: { projects: prove ? [long] : [unit, acceptance] } });
