/** Whether an address asks for TLS. */
export function isEncrypted({ protocol }: URL): boolean {
  return protocol === 'grpcs:' || protocol === 'https:';
}

/** What is wrong with an address for a grpc probe. */
export function grpcAddressProblem({ protocol, port }: URL): string | undefined {
  if (!['grpc:', 'grpcs:', 'http:', 'https:'].includes(protocol)) return 'but its grpc probe needs grpc:// or grpcs://';
  return port === '' && protocol.startsWith('grpc') ? 'but a grpc probe needs a port: grpc://host:port' : undefined;
}
