import { OPERATIONS_SYSTEM } from '../../names.ts';
import type { MeaningContext } from '../meaning.ts';
import { endpointId } from '../resolve-endpoint.ts';
import type { Path } from '../source.ts';

/** Names that must not stand twice: systems and receivers over all files; services, ports, alerts and endpoints in one. */
export function checkUniqueness(context: MeaningContext): void {
  const { file, all } = context;
  const { document } = file;
  const earlier = all.slice(0, all.indexOf(file));

  const twin = earlier.find((other) => other.document.system === document.system);
  if (document.system !== undefined && twin !== undefined) {
    context.report(
      ['system'],
      `the system ${document.system} stands in ${twin.source.file.path} too`,
      'rename one, or merge the files',
    );
  }
  const operating = earlier.find((other) => other.document.operations !== undefined);
  if (document.operations !== undefined && operating !== undefined) {
    context.report(['operations'], `operations stands in ${operating.source.file.path} too`, 'declare it once', {
      part: 'key',
    });
  }
  if (document.system === OPERATIONS_SYSTEM) {
    context.report(['system'], `${OPERATIONS_SYSTEM} is the system of monitoring itself`, 'choose another name');
  }
  for (const name of Object.keys(document.receivers ?? {})) {
    const owner = earlier.find((other) => other.document.receivers?.[name] !== undefined);
    if (owner !== undefined) {
      context.report(
        ['receivers', name],
        `the receiver ${name} stands in ${owner.source.file.path} too`,
        'declare it once',
        { part: 'key' },
      );
    }
  }

  for (const name of Object.keys(document.muteTimes ?? {})) {
    const owner = earlier.find((other) => other.document.muteTimes?.[name] !== undefined);
    if (owner !== undefined) {
      context.report(
        ['muteTimes', name],
        `the mute time ${name} stands in ${owner.source.file.path} too`,
        'declare it once',
        { part: 'key' },
      );
    }
  }

  const services = document.services ?? [];
  report(
    context,
    services.map((service, index) => [service.id, ['services', index, 'id']]),
    'service id',
  );
  report(
    context,
    services.map((service, index) => [service.port, ['services', index, 'port']]),
    'port',
  );
  // Critical and warning rules of one name would overwrite each other's state in every dashboard and drill.
  report(
    context,
    (document.alerts ?? []).map((alert, index) => [alert.name, ['alerts', index, 'name']]),
    'alert name',
  );
  for (const [index, service] of services.entries()) {
    if (!('endpoints' in service)) continue;
    const ids = service.endpoints.map((endpoint, at): [string, Path] => [
      endpointId(endpoint),
      ['services', index, 'endpoints', at],
    ]);
    report(context, ids, 'endpoint', 'give one of them an id of its own');
  }
}

function report(
  context: MeaningContext,
  names: [string | number | undefined, Path][],
  what: string,
  fix = 'use another one',
) {
  const seen = new Set<string | number>();
  for (const [name, path] of names) {
    if (name === undefined) continue;
    if (seen.has(name)) context.report(path, `the ${what} ${name} is used twice in this system`, fix);
    seen.add(name);
  }
}
