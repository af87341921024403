import type { StatusBoard } from '../../../probes/history/status-board.ts';
import { viewTarget } from './view.ts';

/** The board for programs, one object a target; shares 0 to 1, times in Unix milliseconds. */
export function* renderJson(board: StatusBoard, nowMs: number): Generator<string> {
  let separator = '{"targets":[\n';
  for (const status of board.all()) {
    const { state, uptime, budgetLeft } = viewTarget(board, status, nowMs);
    const { id, system, service, kind, sinceMs, last, lastFailure } = status;
    yield `${separator}${JSON.stringify({ target: id, system, service, kind, state, sinceMs, uptime, budgetLeft, last, lastFailure })}`;
    separator = ',\n';
  }
  yield separator.startsWith('{') ? '{"targets":[]}\n' : '\n]}\n';
}
