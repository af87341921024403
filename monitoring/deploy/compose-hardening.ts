/** A service of a Compose file. */
export type ComposeService = Record<string, unknown>;

/** A variable with what holds without it. */
export function variable(name: string, fallback: string): string {
  return `\${${name}:-${fallback}}`;
}

/**
 * A path from the folder of derived files. Compose takes relative paths from the folder of the first file that it is given: where that is
 * another one, MONITORING_DIR says where this one is.
 */
export function fromGenerated(path: string): string {
  return `${variable('MONITORING_DIR', '.')}/${path}`;
}

/** A variable without which nothing starts: Compose prints the message. */
export function required(name: string, message: string): string {
  return `\${${name}:?${message}}`;
}

/** Ten files of 100 MB for each container. */
const LOGGING = { driver: 'json-file', options: { 'max-size': '100m', 'max-file': '10' } };

/** A port of the host, on loopback unless told otherwise: what is published further belongs behind a proxy that asks who comes. */
export function published(name: string, port: number): string {
  return `${variable('MONITORING_BIND', '127.0.0.1')}:${variable(`${name}_PORT`, String(port))}:${port}`;
}

/** A file or folder of the host that a container may read; one that is missing is an error, and is not made by Docker as an empty folder. */
export function readOnly(source: string, target: string): object {
  return { type: 'bind', source, target, read_only: true, bind: { create_host_path: false } };
}

/** Asks the container itself whether it works, by the wget of its image. */
export function healthCheck(command: string): object {
  return { test: ['CMD-SHELL', command], interval: '15s', timeout: '5s', retries: 4, start_period: '30s' };
}

/** The check of a server by a path that it answers with a good status. */
export function answers(port: number, path: string): object {
  return healthCheck(`wget -q -O /dev/null http://127.0.0.1:${port}${path}`);
}

/** What all services have in common: they come back, cannot fill the disk with logs or take all memory, and gain no rights. */
export function contained({ memory, ...service }: ComposeService & { memory: string }): ComposeService {
  return {
    ...service,
    restart: 'unless-stopped',
    mem_limit: memory,
    security_opt: ['no-new-privileges:true'],
    logging: LOGGING,
  };
}

/** Contained, and without the rights of root and without a file system to write to but its volumes and `/tmp`. */
export function confined(service: ComposeService & { memory: string }): ComposeService {
  return { ...contained(service), cap_drop: ['ALL'], read_only: true, tmpfs: ['/tmp'] };
}
