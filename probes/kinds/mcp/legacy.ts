import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import { startDeadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';
import {
  CLIENT_INFO,
  type Dialogue,
  type DialogueRun,
  type Identity,
  type McpPhase,
  mayMeanOtherEra,
  NotThisEra,
} from './dialogue.ts';
import { asObject, type Json, RPC_CODE, type RpcReply, rpcFailure, sendRpc, statusFailure } from './json-rpc.ts';

/** Longest time, in milliseconds, for a late session to be heard of, and again for it to be ended. */
const END_LIMIT_MS = 1_000;

/**
 * The protocol up to 2025-11-25: a handshake opens a session, and servers keep it, with hundreds of kilobytes, until a DELETE. So `end`
 * always sends one where a session was opened: after a failure, a timeout, an abort, and when the answer to `initialize` comes too late.
 * There is never a plain GET: it opens a stream that some servers keep for good.
 */
export class LegacyDialogue implements Dialogue {
  readonly era = 'legacy';
  readonly #run: DialogueRun;
  readonly #clock: Clock;
  #session: string | null = null;
  #version: string | null = null;
  #renewed = false;

  constructor(run: DialogueRun, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  async open(): Promise<Identity> {
    const identity = await this.#initialize();
    const { status } = await this.#send('initialize', 'notifications/initialized', {}, null);
    if (status === 202) return identity;
    throw status >= 200 && status < 300
      ? new ProbeFailure('protocol', `notifications/initialized answered with status ${status}, expected 202`)
      : statusFailure('notifications/initialized', status);
  }

  async request(phase: McpPhase, method: string, params: Json, headers: Readonly<Record<string, string>> = {}) {
    let reply = await this.#send(phase, method, params, this.#run.nextId(), headers);
    // Sessions may expire: a new one, once, is no outage.
    if (reply.status === 404 && this.#session !== null && !this.#renewed) {
      this.#renewed = true;
      this.#session = null;
      await this.open();
      reply = await this.#send(phase, method, params, this.#run.nextId(), headers);
    }
    const { status, result, error } = reply;
    if (status === 401 || status === 403 || status >= 500) throw statusFailure(method, status);
    if (error !== null && status !== 404) throw rpcFailure(method, error);
    if (result === null) throw statusFailure(method, status);
    return result;
  }

  async end(): Promise<void> {
    if (this.#session === null) await this.#within(this.#run.wire.late());
    if (this.#session === null) return;
    const { wire, path, headers, phases, facts } = this.#run;
    const deadline = startDeadline(this.#clock, END_LIMIT_MS, new AbortController().signal);
    let status = 0;
    try {
      const answer = await wire.send(
        { method: 'DELETE', path, headers: { ...headers, ...this.#sessionHeaders() }, body: null },
        {
          deadline,
          onHead: ({ statusCode }) => {
            status = statusCode ?? 0;
          },
          onData: () => undefined,
          onEnd: (seconds) => {
            phases.close += seconds;
          },
        },
      );
      status = answer.statusCode ?? 0;
    } catch {
      // What was found out stands; whether the session is left is told by the status.
    } finally {
      deadline.close();
    }
    this.#session = null;
    // 404: it had expired. 405: the server ends its sessions by itself.
    const isEnded = (status >= 200 && status < 300) || status === 404 || status === 405;
    facts.mcp = { ...facts.mcp, session: isEnded ? 'ended' : 'left' };
  }

  async #initialize(): Promise<Identity> {
    const { versions, facts } = this.#run;
    const params = { protocolVersion: versions[0] ?? '', capabilities: {}, clientInfo: CLIENT_INFO };
    this.#version = null;
    const reply = await this.#send('initialize', 'initialize', params, this.#run.nextId());
    if (reply.result === null) throw refusal(reply);
    const version = String(reply.result.protocolVersion ?? '');
    if (!versions.includes(version)) {
      const list = versions.join(', ');
      throw new ProbeFailure(
        'unsupported-version',
        `the server answers in ${version || 'no version'}, accepted: ${list}`,
      );
    }
    this.#version = version;
    facts.mcp = { ...facts.mcp, era: 'legacy', version, session: 'none' };
    return {
      name: String(asObject(reply.result.serverInfo)?.name ?? ''),
      version,
      hasTools: asObject(asObject(reply.result.capabilities)?.tools) !== null,
    };
  }

  #send(
    phase: McpPhase,
    method: string,
    params: Json,
    id: number | null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RpcReply> {
    const { phases, facts } = this.#run;
    const opens = method === 'initialize';
    return sendRpc(
      { id, method, params, headers: { ...this.#run.headers, ...this.#sessionHeaders(), ...headers } },
      {
        ...this.#run,
        mayBeLate: opens,
        onHead: (message: IncomingMessage) => {
          facts.status = message.statusCode ?? 0;
          const session = message.headers['mcp-session-id'];
          if (opens && typeof session === 'string') this.#session = session;
        },
        onEnd: (seconds) => {
          phases[phase] += seconds;
        },
      },
    );
  }

  #sessionHeaders(): Record<string, string> {
    return {
      ...(this.#session === null ? {} : { 'mcp-session-id': this.#session }),
      ...(this.#version === null ? {} : { 'mcp-protocol-version': this.#version }),
    };
  }

  #within(work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(END_LIMIT_MS, resolve);
      void work.then(() => {
        cancel();
        resolve();
      });
    });
  }
}

/** Why there is no session: what the server said, and whether it may be one of the other era. */
function refusal({ status, error }: RpcReply): Error {
  if (error === null) {
    const failure = statusFailure('initialize', status);
    return mayMeanOtherEra(status) ? new NotThisEra(failure) : failure;
  }
  if (status === 401 || status === 403 || status >= 500) return statusFailure('initialize', status);
  const failure = rpcFailure('initialize', error);
  const mayBeOther = mayMeanOtherEra(status) || error.code === RPC_CODE.unknownMethod;
  return mayBeOther && error.code !== RPC_CODE.internal ? new NotThisEra(failure) : failure;
}
