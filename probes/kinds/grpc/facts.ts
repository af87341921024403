/** What a gRPC run saw. */
export interface GrpcFacts {
  /** Status of the call, 0 for OK; absent when no status came. */
  status?: number;
  /** What the server said of the service. */
  serving?: ServingStatus;
}

/** `HealthCheckResponse.ServingStatus`, by its number (grpc/health/v1/health.proto). */
export const SERVING_STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

export type ServingStatus = (typeof SERVING_STATUSES)[number];
