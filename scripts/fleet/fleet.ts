import { mkdir, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import type { Service } from '../../thresholds/model.ts';
import { targetName } from '../../thresholds/names.ts';
import { HarnessError } from '../process/harness-error.ts';
import { Background } from './background/background.ts';
import { createCertificates } from './certificates.ts';
import type { Fleet, FleetOptions } from './fleet-types.ts';
import { assertCallsAreSimulated } from './llm/call-providers.ts';
import { seededRandom } from './random.ts';
import { SimulatedService } from './simulated-service.ts';

export type { BackgroundOptions, Fleet, FleetOptions, FleetStats } from './fleet-types.ts';

/** Calls of one provider at a time, over all services: more would wait, as they would for a real one. */
const MAX_PROVIDER_CONNECTIONS = 256;

/**
 * Starts every simulated service of a catalogue in this process.
 * @throws HarnessError when a port is taken, or the catalogue gives an endpoint no answer that can be simulated.
 */
export async function startFleet({ catalogue, ports, seed = 1, certificateDir }: FleetOptions): Promise<Fleet> {
  const services = catalogue.systems.flatMap((system) => system.services).filter(isSimulated);
  const encrypted = services.some(({ address }) => address.kind === 'fleet' && address.tls);
  const certificates = encrypted ? await createCertificates(Date.now()) : null;
  const addresses = new Map<string, string>();
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_PROVIDER_CONNECTIONS });
  const members = new Map<string, SimulatedService>();

  for (const [index, service] of services.entries()) {
    // A source of its own for each service: traffic at one does not change what another draws.
    const random = seededRandom(seed * 7_919 + index);
    const around = {
      catalogue,
      agent,
      random,
      now: () => Date.now(),
      addressOf: (target: string) => addresses.get(target),
    };
    members.set(service.target, new SimulatedService(service, around, certificates));
  }

  const stop = async () => {
    await background.abort();
    agent.destroy();
    await Promise.all([...members.values()].map((member) => member.close()));
  };
  const background = new Background([...members.values()], certificates?.ca ?? null, seededRandom(seed));

  try {
    for (const [target, member] of members) {
      await member.open(ports);
      addresses.set(target, member.url);
    }
    for (const { state } of members.values()) assertCallsAreSimulated(state);
  } catch (error) {
    await stop();
    throw error;
  }
  const caFile = certificates === null ? null : await writeAuthority(certificates.ca, certificateDir);

  const find = (system: string, service: string): SimulatedService => {
    const member = members.get(targetName(system, service));
    if (member !== undefined) return member;
    throw new HarnessError(`the fleet has no service ${targetName(system, service)}`, {
      reason: `simulated are: ${[...members.keys()].join(', ') || 'none'}`,
    });
  };

  return {
    addresses,
    caFile,
    inject: async (system, fault) => await find(system, fault.service).inject(fault),
    async clear(system, service, kind) {
      const chosen =
        service === undefined
          ? [...members.values()].filter(({ state }) => state.service.system === system)
          : [find(system, service)];
      await Promise.all(chosen.map((member) => member.clear(kind)));
    },
    startBackground: (options) => background.start(options),
    stopBackground: () => background.stop(),
    async stats() {
      for (const member of members.values()) member.assertSound();
      return {
        services: Object.fromEntries([...members].map(([target, { state }]) => [target, structuredClone(state.stats)])),
        background: { ...background.stats },
        cpuSeconds: processorSeconds(),
      };
    },
    stop,
  };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function isSimulated({ address }: Service): boolean {
  return address.kind === 'fleet';
}

async function writeAuthority(pem: string, folder: string | undefined): Promise<string> {
  if (folder === undefined) {
    throw new HarnessError('the fleet has encrypted services but no place for their certificate', {
      reason: 'certificateDir is not given',
    });
  }
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'fleet-ca.pem');
  await writeFile(file, pem);
  return file;
}
