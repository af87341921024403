import { blackboxExporter } from './blackbox-exporter.ts';
import { aptDownload } from './install-apt.ts';
import { aptTree } from './install-apt-tree.ts';
import type { Bundle } from './tool.ts';

const byHand = (debianPackage: string, formula: string) => (platform: NodeJS.Platform) =>
  platform === 'darwin' ? `brew install ${formula}` : `sudo apt-get install ${debianPackage}`;

const redis: Bundle = {
  bundle: 'redis',
  tools: [
    {
      tool: 'redis-server',
      variable: 'FIREDRILL_REDIS_SERVER',
      programs: ['redis-server'],
      minimum: '6.0.0',
      bundle: 'redis',
    },
  ],
  methods: [
    aptTree({
      debianPackage: 'redis-server',
      programs: { 'redis-server': 'usr/bin/redis-server' },
      only: /^(lib|redis-|lua-)/,
    }),
  ],
  byHand: byHand('redis-server', 'redis'),
};

/** Debian keeps PostgreSQL's programs out of PATH, a folder for each version. */
const outOfPath = (program: string) =>
  [17, 16, 15, 14, 13].map((version) => `/usr/lib/postgresql/${version}/bin/${program}`);

const postgres: Bundle = {
  bundle: 'postgres',
  tools: [
    {
      tool: 'postgres',
      variable: 'FIREDRILL_POSTGRES',
      programs: [...outOfPath('postgres'), 'postgres'],
      minimum: '13.0',
      bundle: 'postgres',
    },
    {
      tool: 'initdb',
      variable: 'FIREDRILL_INITDB',
      programs: [...outOfPath('initdb'), 'initdb'],
      minimum: '13.0',
      bundle: 'postgres',
    },
  ],
  methods: [
    aptTree({
      debianPackage: 'postgresql',
      programs: { postgres: 'usr/lib/postgresql/*/bin/postgres', initdb: 'usr/lib/postgresql/*/bin/initdb' },
      // Without LLVM, a hundred megabytes for a compiler that no test needs.
      only: /^(postgresql-\d+$|lib(?!llvm|z3))/,
    }),
  ],
  byHand: byHand('postgresql', 'postgresql'),
};

const nodeExporter: Bundle = {
  bundle: 'node-exporter',
  tools: [
    {
      tool: 'node_exporter',
      variable: 'FIREDRILL_NODE_EXPORTER',
      // Debian's package gives it the longer name.
      programs: ['node_exporter', 'prometheus-node-exporter'],
      minimum: '1.3.0',
      bundle: 'node-exporter',
    },
  ],
  methods: [
    aptDownload({
      debianPackage: 'prometheus-node-exporter',
      programs: { node_exporter: 'usr/bin/prometheus-node-exporter' },
    }),
  ],
  byHand: byHand('prometheus-node-exporter', 'node_exporter'),
};

/** Real servers that the tests of the probes look at, and the prober that ours is compared with. Nothing else needs them. */
export const TEST_BUNDLES: readonly Bundle[] = [redis, postgres, nodeExporter, blackboxExporter];
