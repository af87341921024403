import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Certificates } from '../certificates.ts';
import type { ServiceState } from '../service-state.ts';
import type { RequestHandler } from './http-service.ts';
import { isGone, send } from './respond.ts';
import { scrapePage } from './scrape-page.ts';

/** A protocol on the connections of a listener. */
export interface Front {
  accept(socket: Socket): void;
  /** Tells it of new effects, once they are in force. */
  effectsChanged?(): void;
}

/**
 * Speaks HTTP, or HTTPS with certificates: the page that Prometheus scrapes, and all else by `handle`. Connections come from a
 * listener of our own, so that faults can meet them before HTTP does.
 */
export function httpFront(state: ServiceState, handle: RequestHandler, certificates: Certificates | null): Front {
  const scrapePath = state.service.scrape?.path;
  const ownsScrapePage =
    state.service.kind === 'exporter' ||
    state.endpoints.some(({ path, method }) => path === scrapePath && method === 'GET');
  const options = {
    keepAliveTimeout: 60_000,
    requestTimeout: 0,
    headersTimeout: 0,
    connectionsCheckingInterval: 0x7fffffff,
  };

  const onRequest: RequestHandler = (req, res) => {
    const { effects } = state;
    if (effects.reach === 'mute') {
      state.listener.hold(req.socket);
      return;
    }
    const isScrape =
      scrapePath !== undefined && pathOf(req.url) === scrapePath && (req.method === 'GET' || req.method === 'HEAD');
    if (!isScrape) handle(req, res);
    else if (effects.scrape === 'mute') state.listener.hold(req.socket);
    else if (ownsScrapePage) handle(req, res);
    else {
      req.resume();
      scrapePage(state).then((page) => {
        if (!isGone(res)) send(req, res, page);
      });
    }
  };

  const server: Server =
    certificates === null
      ? createServer(options, onRequest)
      : createTlsServer({ ...options, ...certificates.valid }, onRequest);
  server.on('clientError', (_, socket) => socket.destroy());
  let expired = false;
  return {
    accept: (socket) => {
      server.emit('connection', socket);
    },
    effectsChanged() {
      if (certificates === null || expired === state.effects.expiredCertificate) return;
      expired = state.effects.expiredCertificate;
      (server as ReturnType<typeof createTlsServer>).setSecureContext(
        expired ? certificates.expired : certificates.valid,
      );
      // A connection that stands has its certificate already: clients must shake hands anew.
      state.listener.disconnectAll();
    },
  };
}

function pathOf(url = '/'): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
