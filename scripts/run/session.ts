import { join } from 'node:path';
import type { AddressBook, Service } from '../../thresholds/model.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { startFleetProcess } from '../fleet/process.ts';
import type { Output } from '../output.ts';
import type { HarnessError } from '../process/harness-error.ts';
import { ProcessScope } from '../process/scope.ts';
import type { Selection } from '../select.ts';
import { resolveTools } from '../tools/resolve.ts';
import type { ResolvedTool, ToolName } from '../tools/tool.ts';

/** What a run has started and what ends with it. */
export interface Session {
  selection: Selection;
  dir: string;
  scope: ProcessScope;
  /** One of the tools that the session was opened with. */
  tool: (name: ToolName) => ResolvedTool;
  /** Null when every service has a real address. */
  fleet: Fleet | null;
  addresses: AddressBook;
  /** Aborted by the user's signal, or as soon as a process that the run needs has died. */
  signal: AbortSignal;
  /** What died; null as long as all is well. */
  casualty: () => HarnessError | null;
  /** Hands over something that `close` has to end besides processes; the last one handed over is the first to end. */
  onClose: (end: () => Promise<void>) => void;
  /** Ends everything that was started, in order. */
  close: () => Promise<void>;
}

export interface SessionOptions {
  selection: Selection;
  dir: string;
  tools: readonly ToolName[];
  output: Output;
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
  ports?: 'free' | 'own';
}

/**
 * Finds the tools and starts the simulated services that the catalogue names.
 * @throws HarnessError when a tool is missing or the fleet does not start; everything started is ended before.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { selection, dir, output, env, ports = 'free' } = options;
  const scope = new ProcessScope();
  const fatal = new AbortController();
  let casualty: HarnessError | null = null;
  const die = (error: HarnessError) => {
    casualty ??= error;
    fatal.abort(error);
  };
  scope.onUnexpectedExit((_, error) => die(error));
  const signal = AbortSignal.any([options.signal, fatal.signal]);
  let fleet: Fleet | null = null;
  const endings: (() => Promise<void>)[] = [];
  const close = async () => {
    await fleet?.stop();
    await scope.stopAll();
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const tools = await resolveTools(options.tools, { env, onProgress: (text) => output.line(`  ${text}`), signal });
    const services = selection.surroundings.systems.flatMap((system) => system.services);
    if (services.some(({ address }) => address.kind === 'fleet')) {
      fleet = await startFleetProcess({
        catalogue: selection.surroundings,
        ports,
        certificateDir: join(dir, 'fleet'),
        onDied: die,
      });
    }
    const addresses = addressBook(services, fleet);
    const tool = (name: ToolName) => {
      const found = tools[name];
      if (found === undefined) throw new TypeError(`the session was opened without ${name}`);
      return found;
    };
    const onClose = (end: () => Promise<void>) => void endings.push(end);
    return { selection, dir, scope, tool, fleet, addresses, signal, casualty: () => casualty, onClose, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where services answer: at the addresses of the catalogue, and the simulated ones where the fleet listens for them. */
export function addressBook(services: readonly Service[], fleet: Pick<Fleet, 'addresses'> | null): AddressBook {
  const real = services.flatMap(({ target, address }): [string, string][] =>
    address.kind === 'url' ? [[target, address.url]] : [],
  );
  return new Map([...real, ...(fleet?.addresses ?? [])]);
}
