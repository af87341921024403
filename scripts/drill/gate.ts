import { conflict, type Stage } from '../../monitoring/drill/stages.ts';

interface Waiting {
  stage: Stage;
  admit: () => void;
}

/** The way out of a stage. */
export interface Pass {
  /** The alert of the case is inactive: only who fires the same one must wait from now on. */
  ease(): void;
  leave(): void;
}

/** Lets cases run side by side as long as their stages do not disturb each other; who waits longest goes first. */
export class Gate {
  readonly #inside = new Set<Stage>();
  readonly #waiting: Waiting[] = [];

  /** Resolves once no stage that goes on disturbs this one. */
  async enter({ ...stage }: Stage): Promise<Pass> {
    await new Promise<void>((admit) => {
      this.#waiting.push({ stage, admit });
      this.#admit();
    });
    return {
      ease: () => {
        stage.kind = 'over';
        this.#admit();
      },
      leave: () => {
        this.#inside.delete(stage);
        this.#admit();
      },
    };
  }

  #admit(): void {
    for (const waiting of [...this.#waiting]) {
      if ([...this.#inside].some((inside) => conflict(inside, waiting.stage))) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      this.#inside.add(waiting.stage);
      waiting.admit();
    }
  }
}
