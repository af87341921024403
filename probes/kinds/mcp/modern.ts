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
import { fieldValue } from './header-values.ts';
import { asObject, type Json, RPC_CODE, type RpcReply, rpcFailure, sendRpc, statusFailure } from './json-rpc.ts';
import { isModern } from './versions.ts';

const META = 'io.modelcontextprotocol';
const DISCOVER = 'server/discover';

/** Errors that only a server of this era sends. */
const MODERN_CODES: ReadonlySet<number> = new Set([RPC_CODE.headerMismatch, RPC_CODE.missingCapability]);

/** The protocol since 2026-07-28: no handshake and no session; `server/discover` shows what the server is. */
export class ModernDialogue implements Dialogue {
  readonly era = 'modern';
  readonly #run: DialogueRun;
  #version: string;

  constructor(run: DialogueRun) {
    this.#run = run;
    this.#version = run.versions[0] ?? '';
  }

  async open(): Promise<Identity> {
    const tried = new Set<string>();
    for (;;) {
      tried.add(this.#version);
      const reply = await this.#send('discover', DISCOVER, {}, {});
      const supported = supportedVersions(reply);
      if (supported === null) return this.#identity(reply);
      const next = this.#run.versions.find((version) => supported.includes(version) && !tried.has(version));
      if (next === undefined) throw noVersion(this.#version, supported);
      this.#version = next;
    }
  }

  async request(phase: McpPhase, method: string, params: Json, headers: Readonly<Record<string, string>> = {}) {
    const { status, result, error } = await this.#send(phase, method, params, headers);
    if (status === 401 || status === 403 || status >= 500) throw statusFailure(method, status);
    if (error !== null) throw rpcFailure(method, error);
    if (result === null) throw statusFailure(method, status);
    if (result.resultType === 'input_required') {
      throw new ProbeFailure('misconfigured', `${method} asks for further input: choose another canary`);
    }
    if (result.resultType !== 'complete') {
      throw new ProbeFailure('protocol', `${method} has the resultType ${JSON.stringify(result.resultType)}`);
    }
    return result;
  }

  async end(): Promise<void> {}

  #send(phase: McpPhase, method: string, params: Json, headers: Readonly<Record<string, string>>): Promise<RpcReply> {
    const { phases } = this.#run;
    const _meta = {
      [`${META}/protocolVersion`]: this.#version,
      [`${META}/clientCapabilities`]: {},
      [`${META}/clientInfo`]: CLIENT_INFO,
    };
    const name = typeof params.name === 'string' ? { 'mcp-name': fieldValue(params.name) } : {};
    return sendRpc(
      {
        id: this.#run.nextId(),
        method,
        params: { ...params, _meta },
        headers: {
          ...this.#run.headers,
          'mcp-protocol-version': this.#version,
          'mcp-method': method,
          ...name,
          ...headers,
        },
      },
      {
        ...this.#run,
        onHead: ({ statusCode }) => {
          this.#run.facts.status = statusCode ?? 0;
        },
        onEnd: (seconds) => {
          phases[phase] += seconds;
        },
      },
    );
  }

  /** What the answer says of the server, once it is known to be of this era. */
  #identity({ status, result, error }: RpcReply): Identity {
    if (result === null) {
      if (status >= 300 && !mayMeanOtherEra(status)) throw statusFailure(DISCOVER, status);
      const failure = error === null ? statusFailure(DISCOVER, status) : rpcFailure(DISCOVER, error);
      const isOfThisEra = status === 400 && MODERN_CODES.has(error?.code ?? 0);
      throw isOfThisEra || error?.code === RPC_CODE.internal ? failure : new NotThisEra(failure);
    }
    if (!Array.isArray(result.supportedVersions)) {
      throw new ProbeFailure('protocol', `${DISCOVER} answered without supportedVersions`);
    }
    this.#run.facts.mcp = { ...this.#run.facts.mcp, era: 'modern', version: this.#version, session: 'none' };
    const info = asObject(asObject(result._meta)?.[`${META}/serverInfo`]) ?? asObject(result.serverInfo);
    return {
      name: String(info?.name ?? ''),
      version: this.#version,
      hasTools: asObject(asObject(result.capabilities)?.tools) !== null,
    };
  }
}

/** The versions of a server that does not take the one that was sent; null when it did, or said nothing of it. */
function supportedVersions({ status, error, result }: RpcReply): string[] | null {
  if (status >= 500 || error?.code !== RPC_CODE.unsupportedVersion || result !== null) return null;
  const supported = asObject(error.data)?.supported;
  return Array.isArray(supported) ? supported.map(String) : [];
}

function noVersion(asked: string, supported: readonly string[]): Error {
  const list = supported.length === 0 ? 'none that it names' : supported.slice(0, 8).join(', ');
  const failure = new ProbeFailure('unsupported-version', `the server refuses ${asked} and supports ${list}`);
  // A server that knows the error but only older revisions is one of those.
  return supported.length > 0 && !supported.some(isModern) ? new NotThisEra(failure) : failure;
}
