import type { ProbeRunner } from '../../../probes/runner.ts';
import type { ReloadSummary } from '../../../probes/target-set.ts';
import type { AddressBook, Catalogue } from '../../../thresholds/model.ts';
import { renderError } from '../../error-report.ts';
import { counted } from '../../output.ts';

/** What came of a reload. On failure everything stays as it was; `text` says why, with the places in the catalogue. */
export interface ReloadOutcome {
  ok: boolean;
  text: string;
}

export interface ReloaderOptions {
  runner: Pick<ProbeRunner, 'reload' | 'reloadFailed'>;
  /** Reads and checks the catalogue. Rejects when it has problems. */
  load: () => Promise<{ catalogue: Catalogue; addresses: AddressBook; caFile: string | null }>;
  /** Is told of each reload. */
  log: (line: string) => void;
  env: NodeJS.ProcessEnv;
}

/** Reloads one after the other; what is asked for while one waits for its turn is that one. */
export interface Reloader {
  /** `cause` for the log: `SIGHUP`, `POST /-/reload`, `changed files`. */
  reload(cause: string): Promise<ReloadOutcome>;
}

/** A reloader; validated first, so that a bad catalogue changes nothing. */
export function createReloader({ runner, load, log, env }: ReloaderOptions): Reloader {
  let underWay: Promise<unknown> = Promise.resolve();
  let waiting: Promise<ReloadOutcome> | null = null;

  const work = async (cause: string): Promise<ReloadOutcome> => {
    const outcome = await attempt();
    log(
      outcome.ok ? `reloaded (${cause}): ${outcome.text}` : `not reloaded (${cause}), nothing changes: ${outcome.text}`,
    );
    return outcome;
  };
  const attempt = async (): Promise<ReloadOutcome> => {
    try {
      return { ok: true, text: summary(await runner.reload(await load())) };
    } catch (error) {
      runner.reloadFailed();
      return { ok: false, text: renderError(error, env) };
    }
  };
  return {
    reload(cause) {
      if (waiting !== null) return waiting;
      const turn = underWay.then(() => {
        waiting = null;
        return work(cause);
      });
      waiting = turn;
      underWay = turn;
      return turn;
    },
  };
}

function summary({ added, changed, removed, unchanged }: ReloadSummary): string {
  return `${counted(added, 'target')} new, ${changed} changed, ${removed} gone, ${unchanged} as before`;
}
