import type { ExporterService } from '../../thresholds/model.ts';
import { answer, errorAnswer, type ReadyAnswer } from './http/answer.ts';
import type { RequestHandler } from './http/http-service.ts';
import { isGone, send } from './http/respond.ts';
import { scrapePage } from './http/scrape-page.ts';
import type { ServiceState } from './service-state.ts';

const NOT_FOUND = errorAnswer(404, 'not found');

/** An exporter: its metrics, which are all that it is for, and a page with a link to them. */
export function exporter(state: ServiceState<ExporterService>): RequestHandler {
  const { title, scrape } = state.service;
  const link = scrape === null ? '' : `<p><a href="${scrape.path}">Metrics</a></p>`;
  const page = html(200, `<html><head><title>${title}</title></head><body><h1>${title}</h1>${link}</body></html>`);
  return (req, res) => {
    const path = req.url?.split('?', 1)[0] ?? '/';
    const isScrape = path === scrape?.path;
    if (!isScrape) state.stats.other += 1;
    req.resume();
    const fate = state.fate();
    setTimeout(async () => {
      const usual = isScrape ? await scrapePage(state) : path === '/' ? page : NOT_FOUND;
      if (isGone(res)) return;
      if (fate.kind === 'fail') send(req, res, errorAnswer(fate.status, 'the simulated exporter fails'));
      else if (fate.kind === 'wrong') send(req, res, html(200, 'unexpected'));
      else send(req, res, usual);
    }, state.effects.delayMs);
  };
}

function html(status: number, text: string): ReadyAnswer {
  return answer(status, text, ['content-type', 'text/html; charset=utf-8']);
}
