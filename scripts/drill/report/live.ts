import type { Output } from '../../output.ts';
import type { DrillProgress } from '../progress.ts';
import { DrillBoard } from './board.ts';

/** How often a terminal is redrawn, and how often a log gets a line. */
const REDRAW_MS = 100;
const LINE_MS = 5_000;

/** What a running drill shows of itself. */
export interface LiveDrill {
  readonly onProgress: (step: DrillProgress) => void;
  /** Ends it; nothing of it is left on a terminal. */
  stop(): void;
}

/** Shows a drill while it runs: on a terminal as a table that is redrawn, else as a line of counts every few seconds. */
export function showDrill(output: Output): LiveDrill {
  const board = new DrillBoard();
  let changed = false;
  const draw = () => {
    if (!changed) return;
    changed = false;
    if (output.rows === null) output.line(board.counts());
    else output.progress(board.lines(output.rows - 1).join('\n'));
  };
  const timer = setInterval(draw, output.rows === null ? LINE_MS : REDRAW_MS);
  timer.unref();
  return {
    onProgress: (step) => {
      if (board.note(step)) changed = true;
    },
    stop: () => {
      clearInterval(timer);
      if (output.rows !== null) output.progress('');
    },
  };
}
