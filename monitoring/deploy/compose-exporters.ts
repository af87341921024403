import { COMPONENT } from './components.ts';
import {
  answers,
  type ComposeService,
  confined,
  contained,
  fromGenerated,
  healthCheck,
  published,
  readOnly,
  variable,
} from './compose-hardening.ts';
import { BOTH_NETWORKS, OWN_NETWORK } from './compose-servers.ts';

/** Processor, memory, disks of the host. Its network figures are those of the container, as it is not in the host's network. */
export function nodeExporter(): ComposeService {
  const { image, port, readyPath } = COMPONENT.nodeExporter;
  return confined({
    image,
    memory: '128m',
    command: ['--path.rootfs=/host', `--web.listen-address=:${port}`],
    pid: 'host',
    networks: [OWN_NETWORK],
    volumes: [{ type: 'bind', source: '/', target: '/host', read_only: true, bind: { propagation: 'rslave' } }],
    healthcheck: answers(port, readyPath),
  });
}

/** Processor, memory, network and disks of each container. It reads what belongs to root, and so is not confined. */
export function cadvisor(): ComposeService {
  const { image, port, readyPath } = COMPONENT.cadvisor;
  return contained({
    image,
    memory: '512m',
    // Labels of containers may hold anything, and are no labels of metrics.
    command: [`--port=${port}`, '--docker_only=true', '--store_container_labels=false', '--housekeeping_interval=15s'],
    networks: [OWN_NETWORK],
    devices: ['/dev/kmsg'],
    volumes: [
      readOnly('/', '/rootfs'),
      readOnly('/var/run', '/var/run'),
      readOnly('/sys', '/sys'),
      readOnly(variable('DOCKER_ROOT', '/var/lib/docker'), '/var/lib/docker'),
    ],
    healthcheck: answers(port, readyPath),
  });
}

/** Clients, memory, commands and keys of Redis. */
export function redisExporter(): ComposeService {
  const { image, port, readyPath } = COMPONENT.redisExporter;
  return confined({
    image,
    memory: '128m',
    environment: {
      REDIS_ADDR: variable('REDIS_ADDR', 'redis://redis:6379'),
      REDIS_PASSWORD: variable('REDIS_PASSWORD', ''),
    },
    networks: BOTH_NETWORKS,
    healthcheck: answers(port, readyPath),
  });
}

/** The prober: it pushes what it sees, keeps on disk what cannot be sent, and shows its status page to whoever has the token. */
export function prober(environment: string): ComposeService {
  const { image, port, readyPath } = COMPONENT.prober;
  const catalogue = '/etc/firedrill/catalogue';
  const state = '/var/lib/firedrill';
  return confined({
    image: variable('FIREDRILL_IMAGE', image),
    build: { context: variable('FIREDRILL_SOURCE', fromGenerated('../..')) },
    init: true,
    memory: variable('PROBER_MEMORY', '512m'),
    command: [
      'probe',
      `--catalogue=${catalogue}`,
      `--environment=${variable('FIREDRILL_ENVIRONMENT', environment)}`,
      `--location=${variable('FIREDRILL_LOCATION', 'compose')}`,
      `--remote-write=http://prometheus:${COMPONENT.prometheus.port}/api/v1/write`,
      `--state=${state}/state`,
      `--spool=${state}/spool`,
      `--listen=0.0.0.0:${port}`,
      '--auth=bearer=file:/run/secrets/prober_token',
    ],
    // What the catalogue names as variables: addresses of services, and tokens to ask them with.
    env_file: [{ path: variable('PROBER_ENV_FILE', fromGenerated('../secrets/prober.env')), required: false }],
    ports: [published('PROBER', port)],
    networks: BOTH_NETWORKS,
    depends_on: { prometheus: { condition: 'service_healthy' } },
    secrets: ['prober_token'],
    volumes: [
      readOnly(variable('FIREDRILL_CATALOGUE', fromGenerated('../../thresholds/catalogue')), catalogue),
      `prober-data:${state}`,
    ],
    healthcheck: healthCheck(
      `node -e "fetch('http://127.0.0.1:${port}${readyPath}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"`,
    ),
  });
}
