/** Why nothing of an address is opened, where that is no defect of ours: each message is a sentence for a person. */

export class AddressFault extends Error {
  override readonly name: string = 'AddressFault';
}

/** The hub refuses: the repository is private, gated or not there, which it does not tell apart. */
export class NeedsToken extends AddressFault {
  override readonly name = 'NeedsToken';
}

/** No answer came; `cause` is what the platform says of it. */
export class Unreached extends AddressFault {
  override readonly name = 'Unreached';
}

/** `asking`, whose failed connections become Unreached; browsers and Node tell of these by a TypeError. */
export async function reached<T>(host: string, asking: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (signal.aborted || !(error instanceof TypeError)) throw error;
    throw new Unreached(`Could not reach ${host}.`, { cause: error });
  }
}

/** As much of an address as may be told: without a name and password in it, and without the query, which may be a signature. */
export function shownAddress(address: string): string {
  return address
    .slice(0, 200)
    .replace(/[?#].*$/s, '')
    .replace(/^([a-z]+:)[/\\]*[^/\\]*@/i, '$1//');
}
