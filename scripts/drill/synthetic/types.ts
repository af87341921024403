import type { DrillCaseResult } from '../../../monitoring/drill/synthetic/result.ts';
import type { DrillRule } from '../../../monitoring/drill/synthetic/rule.ts';
import type { Pace } from '../../../monitoring/drill/synthetic/unit-clock.ts';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import type { AlertRow, DrillMode, HarnessProblem } from '../../../thresholds/verdict.ts';
import type { ProcessScope } from '../../process/scope.ts';
import type { ResolvedTool } from '../../tools/tool.ts';
import type { DrillProgress } from '../progress.ts';

/** How far an alert is to be drilled. */
export interface DrillPlanEntry {
  readonly mode: DrillMode;
  /** Why it is not `full`. */
  readonly reason: string;
  /** Other alerts that rightly fire with it. */
  readonly consequences: readonly string[];
}

export interface SyntheticDrillOptions {
  /** Rule files, plain or PrometheusRule resources, and routes as they are deployed. */
  readonly files: readonly SourceFile[];
  readonly alertmanager: SourceFile;
  /**
   * What should be deployed, where that is known: series, predictions and receivers come from these, and what is deployed is judged by them.
   * Without it the deployed files are their own measure.
   */
  readonly reference?: { readonly files: readonly SourceFile[]; readonly alertmanager: SourceFile };
  /** Undefined: drilled to the receiver and back. */
  readonly plan?: (rule: Pick<DrillRule, 'name' | 'labels' | 'file' | 'line'>) => DrillPlanEntry | undefined;
  readonly tools: {
    readonly prometheus: ResolvedTool;
    readonly promtool: ResolvedTool;
    readonly alertmanager: ResolvedTool;
  };
  readonly scope: ProcessScope;
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Where series that were found are kept between drills; left out: nowhere. */
  readonly cacheDir?: string;
  readonly pace?: Partial<Pace>;
  /** How often a case that the machine spoiled is played, at most; 3 when left out. */
  readonly attempts?: number;
  readonly onProgress?: (text: string) => void;
  /** Told at each look how far every alert has got. */
  readonly onState?: (step: DrillProgress) => void;
}

export interface SyntheticDrillResult {
  readonly rows: AlertRow[];
  readonly cases: readonly DrillCaseResult[];
  /** Alerts that are not drilled by their own plan. */
  readonly notDrilled: readonly { system: string; alert: string; mode: DrillMode; reason: string }[];
  /** What is wrong with rule files and routes, with places. */
  readonly fileProblems: readonly Problem[];
  readonly problems: readonly HarnessProblem[];
  readonly notes: readonly string[];
  /** From the first series to the last notification. */
  readonly wallSeconds: number;
}
