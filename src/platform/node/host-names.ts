/**
 * Names that the page may be asked for by. Any page of the web can have its own name point to this machine (DNS rebinding), and would
 * then read what is served here; but its requests go on naming its own host.
 */

export interface HostName {
  /** As an address has it: lower case, ASCII, an IPv6 address in brackets. */
  readonly name: string;
  /** null: the server's own. */
  readonly port: number | null;
}

/** This machine, to itself. */
export const LOOPBACK: readonly HostName[] = ['localhost', '127.0.0.1', '[::1]'].map((name) => ({ name, port: null }));

/** `NAME` or `NAME:PORT`; null where it is neither. */
export function hostName(text: string): HostName | null {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(text);
  if (!found) return null;
  const port = found[2] === undefined ? null : Number(found[2]);
  return port !== null && (port === 0 || port > 65535) ? null : { name: (found[1] ?? '').toLowerCase(), port };
}

/**
 * @param host as a request has it; clients leave out the port that their scheme implies
 * @param port of the server
 */
export function isNameOf(host: string, names: readonly HostName[], port: number): boolean {
  const asked = hostName(host);
  return asked !== null && names.some((own) => own.name === asked.name && (asked.port === null || asked.port === (own.port ?? port)));
}
