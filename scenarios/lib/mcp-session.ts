import http, { type RefinedParams } from 'k6/http';
import { otherRow, type PrepareAsk, type Response } from './endpoint.ts';
import { SESSION_ROW } from './row.ts';

type K6Params = RefinedParams<'text'>;

/** Sessions are not judged by their own: 405 to a DELETE is legal. */
const ANY_ANSWER = http.expectedStatuses({ min: 200, max: 499 });

/** The last protocol revision with sessions. */
const LEGACY_PROTOCOL = '2025-11-25';

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: LEGACY_PROTOCOL, capabilities: {}, clientInfo: { name: 'firedrill', version: '1' } },
});
const INITIALIZED = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

/**
 * Opens a session, calls the tool and ends the session. One session for each call: k6 has no hook at the end of a virtual
 * user, and a session that is never deleted stays in the server's memory. Only the call itself carries the row's tag.
 */
export const callInSession: PrepareAsk = ({ urls, body }, params) => {
  const [url = ''] = urls;
  const around: K6Params = {
    ...params,
    tags: otherRow(SESSION_ROW),
    responseType: 'text',
    responseCallback: ANY_ANSWER,
  };
  return () => {
    const opened = http.post(url, INITIALIZE, around) as Response;
    if (opened.status !== 200) return null;
    const session = opened.headers['Mcp-Session-Id'];
    const within = {
      ...(params.headers as Record<string, string>),
      'MCP-Protocol-Version': /"protocolVersion"\s*:\s*"([^"]+)"/.exec(opened.body ?? '')?.[1] ?? LEGACY_PROTOCOL,
      ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
    };
    http.post(url, INITIALIZED, { ...around, headers: within });
    const answer = http.post(url, body, { ...params, headers: within }) as Response;
    if (session !== undefined) http.del(url, null, { ...around, headers: within });
    return answer;
  };
};
