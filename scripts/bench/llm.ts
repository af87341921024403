import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../process/harness-error.ts';
import { bareReader, type Measured, ours, type Reader } from './llm-readers.ts';
import type { LlmServerReport, StreamPlan, StreamRecord } from './llm-server.ts';
import type { Bench, BenchFigure } from './result.ts';

/** The probe's figures must be this near to what the server knows that it sent, at the 95th percentile. */
const LIMIT_MS = 1;
const ROUNDS = 5;
/** Streams under way at once, and how many are read in one round: enough first tokens for a 95th percentile. */
const LOADS = [
  { concurrent: 1, perRound: 8 },
  { concurrent: 100, perRound: 200 },
] as const;
/** As a quick provider: 40 tokens of a stream, 50 tokens a second. */
const TOKENS = 40;
const GAP_MS = [5, 35] as const;
const FIRST_TOKEN_MS = [50, 350] as const;

/** Absolute differences from what the server knows, milliseconds. */
interface Errors {
  firstToken: number[];
  interToken: number[];
  gap: number[];
}

/**
 * How far the llm probe's time to first token, inter-token latency and chunk gaps are from what the server did, on the one clock of the
 * machine. The server is a process of its own. A bare reader of like streams, in turn in this process, shows what Node and the machine
 * leave to anybody at that moment. A figure is the median over the rounds of each round's percentile: a round in which another
 * process took the processors would else stand for all.
 */
export const benchLlm: Bench = async ({ log, signal }) => {
  setMaxListeners(0, signal);
  const child = fork(new URL(`./llm-server${extname(import.meta.url)}`, import.meta.url), { execArgv: [] });
  try {
    const server = await openServer(child);
    const figures: BenchFigure[] = [];
    for (const { concurrent, perRound } of LOADS) {
      const errors: Record<'ours' | 'peer', Errors[]> = { ours: [], peer: [] };
      // The first streams pay for code that is compiled.
      for (const reader of [ours, bareReader]) await readStreams(server, reader, concurrent, concurrent * 2, signal);
      for (let round = 1; round <= ROUNDS; round += 1) {
        for (const [who, reader] of [
          ['ours', ours],
          ['peer', bareReader],
        ] as const) {
          errors[who].push(errorsOf(await readStreams(server, reader, concurrent, perRound, signal)));
        }
        const seen = (rounds: readonly Errors[]) => {
          const [first, gap] = (['firstToken', 'gap'] as const).map((key) => atShare(rounds.at(-1)?.[key] ?? [], 0.95));
          return `first token ${first} ms, gap ${gap} ms`;
        };
        log(`${concurrent} at once, round ${round} of ${ROUNDS}: p95 ${seen(errors.ours)}; bare ${seen(errors.peer)}`);
      }
      figures.push(...figuresOf(concurrent, errors.ours, errors.peer));
    }
    return { name: 'llm', figures };
  } finally {
    child.disconnect();
  }
};

interface Server {
  port: number;
  /** Resolves when the server knows them. */
  plan(plans: StreamPlan[]): Promise<void>;
  /** What the server did for the stream; waits for its report. */
  record(name: string): Promise<StreamRecord>;
}

async function openServer(child: ChildProcess): Promise<Server> {
  const records = new Map<string, PromiseWithResolvers<StreamRecord>>();
  const listening = Promise.withResolvers<number>();
  let planned = Promise.withResolvers<void>();
  const entry = (name: string) => {
    const known = records.get(name) ?? Promise.withResolvers<StreamRecord>();
    records.set(name, known);
    return known;
  };
  child.on('message', (report: LlmServerReport) => {
    if ('port' in report) listening.resolve(report.port);
    else if ('planned' in report) planned.resolve();
    else entry(report.name).resolve(report);
  });
  child.once('exit', (code) => {
    const gone = new HarnessError('the server of the benchmark ended', { reason: `exit code ${code}` });
    listening.reject(gone);
    planned.reject(gone);
    for (const each of records.values()) each.reject(gone);
  });
  return {
    port: await listening.promise,
    plan(plans) {
      planned = Promise.withResolvers();
      child.send(plans);
      return planned.promise;
    },
    async record(name) {
      const record = await entry(name).promise;
      records.delete(name);
      return record;
    },
  };
}

/** Reads so many streams, `concurrent` at a time, begun at different moments as probes are. */
async function readStreams(server: Server, reader: Reader, concurrent: number, count: number, signal: AbortSignal) {
  const prefix = Math.random().toString(36).slice(2);
  const plans = Array.from(
    { length: count },
    (_, index): StreamPlan => ({
      name: `${prefix}-${index}`,
      firstTokenMs: between(FIRST_TOKEN_MS),
      gapsMs: Array.from({ length: TOKENS - 1 }, () => between(GAP_MS)),
    }),
  );
  await server.plan(plans);
  const names = plans.map(({ name }) => name);
  const read: { measured: Measured; record: StreamRecord }[] = [];
  await Promise.all(
    Array.from({ length: concurrent }, async () => {
      if (concurrent > 1) await sleep(between([0, 1_000]), undefined, { signal });
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        const measured = await reader(server.port, name, signal);
        read.push({ measured, record: await server.record(name) });
      }
    }),
  );
  return read;
}

function errorsOf(read: readonly { measured: Measured; record: StreamRecord }[]): Errors {
  const errors: Errors = { firstToken: [], interToken: [], gap: [] };
  for (const { measured, record } of read) {
    const { receivedMs, sentMs } = record;
    const [first = Number.NaN] = sentMs;
    const sentGaps = sentMs.slice(1).map((ms, index) => ms - (sentMs[index] ?? ms));
    if (measured.gapsMs.length !== sentGaps.length) {
      throw new HarnessError('a stream was not read as it was sent', {
        reason: `${measured.gapsMs.length + 1} tokens read, ${sentMs.length} sent`,
      });
    }
    const last = sentMs.at(-1) ?? Number.NaN;
    errors.firstToken.push(Math.abs(measured.firstTokenMs - (first - receivedMs)));
    errors.interToken.push(Math.abs(measured.interTokenMs - (last - first) / (sentMs.length - 1)));
    errors.gap.push(...sentGaps.map((ms, index) => Math.abs((measured.gapsMs[index] ?? Number.NaN) - ms)));
  }
  return errors;
}

function figuresOf(concurrent: number, mine: readonly Errors[], peer: readonly Errors[]): BenchFigure[] {
  const at = `at ${concurrent} ${concurrent === 1 ? 'stream' : 'streams'}`;
  const names = { firstToken: 'time to first token', interToken: 'inter-token latency', gap: 'each gap' } as const;
  return (Object.keys(names) as (keyof typeof names)[]).flatMap((key) => [
    {
      metric: `error of ${names[key]} ${at}, p95`,
      unit: 'ms',
      ours: typical(mine, key, 0.95),
      peer: null,
      ratio: null,
      limit: LIMIT_MS,
    },
    ...[0.5, 0.95, 0.99].map((share): BenchFigure => {
      const [a, b] = [typical(mine, key, share), typical(peer, key, share)];
      const metric = `error of ${names[key]} ${at}, p${share * 100}, against a bare reader`;
      return { metric, unit: 'ms', ours: a, peer: b, ratio: a / b, limit: null };
    }),
  ]);
}

/** The percentile of each round, and of those the median. */
function typical(rounds: readonly Errors[], key: keyof Errors, share: number): number {
  return atShare(
    rounds.map((errors) => atShare(errors[key], share)),
    0.5,
  );
}

function between([low, high]: readonly [number, number]): number {
  return low + Math.random() * (high - low);
}

function atShare(values: readonly number[], share: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
  return Number(value.toPrecision(3));
}
