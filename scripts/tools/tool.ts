/** The programs that firedrill runs; the last five only in tests and benchmarks. */
export type ToolName =
  | 'k6'
  | 'prometheus'
  | 'promtool'
  | 'alertmanager'
  | 'amtool'
  | 'redis-server'
  | 'postgres'
  | 'initdb'
  | 'node_exporter'
  | 'blackbox_exporter';

/** What is installed together. */
export type BundleName =
  | 'k6'
  | 'prometheus'
  | 'alertmanager'
  | 'redis'
  | 'postgres'
  | 'node-exporter'
  | 'blackbox_exporter';

/** Where a tool was found, in the order in which the places are tried. */
export type ToolSource = 'variable' | 'path' | 'cache' | 'installed';

/** A tool that was found, ran, and is new enough. */
export interface ResolvedTool {
  readonly tool: ToolName;
  /** Absolute path of the program. */
  readonly path: string;
  /** Such as "2.42.0". */
  readonly version: string;
  readonly source: ToolSource;
}

/** One tool: how it is named, pointed to and judged. */
export interface ToolSpec {
  readonly tool: ToolName;
  /** Environment variable that names its path; a wrong one is an error, never passed over. */
  readonly variable: string;
  /** File names looked for on PATH. */
  readonly programs: readonly string[];
  /** The oldest version that firedrill works with. */
  readonly minimum: string;
  readonly bundle: BundleName;
}

/** A place that was looked into without success, and why. */
export interface Attempt {
  readonly place: string;
  readonly reason: string;
}

/** What an install method works with. */
export interface InstallContext {
  /** An empty folder; the programs go here under their tool names. */
  readonly into: string;
  /** firedrill's cache folder, for state that later installs can use again. */
  readonly cacheDir: string;
  /** Go and apt are looked for on its PATH. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/** One way to get a bundle without root. */
export interface InstallMethod {
  /** Such as "go install go.k6.io/k6@v1.8.1". */
  readonly description: string;
  /** Roughly how long it takes on two cores. */
  readonly expectedSeconds: number;
  /** Resolves with null when it worked, else with the reason why not. */
  readonly install: (context: InstallContext) => Promise<string | null>;
}

/** What is installed together, and how. */
export interface Bundle {
  readonly bundle: BundleName;
  readonly tools: readonly ToolSpec[];
  /** Tried in this order. */
  readonly methods: readonly InstallMethod[];
  /** The command with which a person installs it on that platform. */
  readonly byHand: (platform: NodeJS.Platform) => string;
}
