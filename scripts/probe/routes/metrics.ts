import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ownLines } from '../../../probes/metrics/own.ts';
import { renderText, TEXT_CONTENT_TYPE } from '../../../probes/metrics/text.ts';
import { refusedLines } from './probe.ts';
import { READ, type Route, type RouteContext } from './route.ts';

/** `/metrics`: the last run of every target and its counters, for those who pull. */
export function metricsRoute({ runner, onDemand }: RouteContext): Route {
  return {
    methods: READ,
    path: '/metrics',
    async handle(_, response) {
      response.writeHead(200, { 'content-type': TEXT_CONTENT_TYPE });
      const refused = onDemand === undefined ? [] : refusedLines(onDemand.refused);
      const own = [...ownLines(runner.own()), ...refused];
      // A client that leaves in the middle is no error of ours.
      await pipeline(Readable.from(renderText(runner.registry, own)), response).catch(() => {});
    },
  };
}
