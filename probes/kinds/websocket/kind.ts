import type { WebsocketProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { requestHeaders } from '../../http/headers.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { openConversation } from './conversation.ts';
import { isEncrypted, websocketLayout } from './series.ts';

/** A WebSocket on a fresh connection: the upgrade, a message and its answer, a ping, and the closing handshake. */
export const websocketKind: ProbeKind<WebsocketProbeSpec> = {
  create: (context, target) => ({ run: (options) => runWebsocket(context, target, options) }),
  addressProblem: ({ protocol }) =>
    /^(ws|http)s?:$/.test(protocol) ? undefined : 'but its websocket probe needs ws://, wss://, http:// or https://',
  layout: websocketLayout,
};

function runWebsocket(context: ProbeContext, target: ProbeTarget<WebsocketProbeSpec>, options: ProbeOptions) {
  const { path, headers, subprotocol, send, expectText, ping } = target.spec;
  const phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  return measureRun(context, target, options, phases, async (run) => {
    run.facts.upgraded = false;
    const url = new URL(target.url + path);
    const encrypted = isEncrypted(url);
    const asked = requestHeaders({ headers, body: null }, target.auth, context.readSecret);
    const socket = await context.connect(
      { ...hostAndPort(url, encrypted ? 443 : 80), tls: encrypted ? tlsOptions(context, target) : null },
      run,
    );
    const timed = async <T>(phase: 'processing' | 'transfer', work: Promise<T>): Promise<T> => {
      const startMs = context.clock.monotonicMs();
      return await work.finally(() => {
        run.phases[phase] += (context.clock.monotonicMs() - startMs) / 1_000;
      });
    };
    const request = { url, socket, headers: { host: url.host, ...asked }, subprotocol };
    const conversation = openConversation(request, options, run);
    try {
      await timed('processing', conversation.upgrade());
      await timed('transfer', conversation.talk({ send, expectText, ping }));
    } finally {
      conversation.end();
    }
  });
}
