import type { McpProbeSpec } from '../../../thresholds/model.ts';
import type { Clock } from '../../clock.ts';
import { ProbeFailure } from '../../failure.ts';
import { callCanary } from './canary.ts';
import { type Dialogue, type DialogueRun, type Identity, NotThisEra } from './dialogue.ts';
import { LegacyDialogue } from './legacy.ts';
import { ModernDialogue } from './modern.ts';
import { judgeTools, listTools } from './tools.ts';
import { versionsOf } from './versions.ts';

/** What is known of a server between runs. */
export interface EraMemory {
  /** Monotonic time at which the server was last seen to know nothing but the older protocol; null when it was not. */
  legacySinceMs: number | null;
}

/**
 * How long a server is taken for one of the older protocol without asking again. An upgraded server may serve both, and a stale verdict
 * would hide that it does, or that its new side is broken.
 */
export const LEGACY_TRUST_MS = 10 * 60_000;

/** A run against an MCP server. */
export interface ServerRun extends Omit<DialogueRun, 'versions'> {
  spec: McpProbeSpec;
  clock: Clock;
  memory: EraMemory;
  /** Told of every dialogue before it begins, so that whoever ends the run can end it. */
  begin(dialogue: Dialogue): void;
}

/**
 * What the server is, what it lists, and what its canary answers.
 * @throws ProbeFailure
 */
export async function probeServer(run: ServerRun): Promise<void> {
  const { spec, facts } = run;
  const { dialogue, identity } = await openDialogue(run);
  if (spec.serverName !== null && !new RegExp(spec.serverName).test(identity.name)) {
    const name = JSON.stringify(identity.name.slice(0, 100));
    throw new ProbeFailure('server-name', `the server calls itself ${name}, expected /${spec.serverName}/`);
  }
  if (spec.ping && dialogue.era === 'legacy') await dialogue.request('initialize', 'ping', {});
  const tools = identity.hasTools ? await listTools(dialogue) : [];
  judgeTools(tools, spec, facts);
  if (spec.canary !== null) await callCanary(dialogue, spec.canary, tools, run);
}

/** The era that answers. Each step of the search rests on an answer: silence, refused credentials and failures decide nothing. */
async function openDialogue(run: ServerRun): Promise<{ dialogue: Dialogue; identity: Identity }> {
  const { memory, clock } = run;
  const refusals: NotThisEra[] = [];
  for (const era of erasToTry(run)) {
    const own = { ...run, versions: versionsOf(era, run.spec.versions) };
    const dialogue = era === 'modern' ? new ModernDialogue(own) : new LegacyDialogue(own, clock);
    run.begin(dialogue);
    try {
      const identity = await dialogue.open();
      if (era === 'modern') memory.legacySinceMs = null;
      else memory.legacySinceMs ??= clock.monotonicMs();
      return { dialogue, identity };
    } catch (error) {
      if (!(error instanceof NotThisEra)) throw error;
      refusals.push(error);
      await dialogue.end();
    }
  }
  memory.legacySinceMs = null;
  const last = refusals.at(-1)?.failure;
  throw new ProbeFailure(
    last?.reason ?? 'misconfigured',
    refusals.map(({ message }) => message).join('; ') || 'no accepted version is of the era that is set',
  );
}

function erasToTry({ spec, memory, clock }: ServerRun): ('modern' | 'legacy')[] {
  const known = memory.legacySinceMs;
  if (known !== null && clock.monotonicMs() - known > LEGACY_TRUST_MS) memory.legacySinceMs = null;
  const eras: ('modern' | 'legacy')[] =
    spec.era !== 'auto' ? [spec.era] : memory.legacySinceMs === null ? ['modern', 'legacy'] : ['legacy', 'modern'];
  return eras.filter((era) => versionsOf(era, spec.versions).length > 0);
}
