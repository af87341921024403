/** Bounds of OpenTelemetry's `gen_ai.client.operation.*` (0.01 s, doubling), every second one: seven and +Inf. */
export const OPERATION_BOUNDS_SECONDS = [0.04, 0.16, 0.64, 1.28, 2.56, 10.24, 40.96] as const;

/** The same for gaps between chunks, which are shorter. */
export const CHUNK_BOUNDS_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.64, 2.56] as const;

/** Bounds of `gen_ai.client.token.usage` (1, times 4) that a probe's short question and answer can reach. */
export const TOKEN_BOUNDS = [4, 16, 64, 256, 1_024, 4_096] as const;
