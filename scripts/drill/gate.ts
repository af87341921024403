import { conflict, type Stage } from '../../monitoring/drill/stages.ts';

interface Waiting {
  stage: Stage;
  admit: () => void;
}

/** Lets cases run side by side as long as their stages do not disturb each other; who waits longest goes first. */
export class Gate {
  readonly #inside = new Set<Stage>();
  readonly #waiting: Waiting[] = [];

  /** Resolves with the function that leaves the stage, once no stage that goes on disturbs it. */
  async enter(stage: Stage): Promise<() => void> {
    await new Promise<void>((admit) => {
      this.#waiting.push({ stage, admit });
      this.#admit();
    });
    return () => {
      this.#inside.delete(stage);
      this.#admit();
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
