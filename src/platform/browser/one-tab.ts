/** Names that one tab at a time has, by locks of the browser: a tab that is closed or reloaded gives back what it had. */

/** Of this tab: a name that it has -> gives it back. */
const mine = new Map<string, () => void>();

/** Whether this tab has the name from now on, and had it before. A browser without locks (plain http) gives any name to every tab. */
export function claim(name: string): Promise<boolean> {
  if (mine.has(name)) return Promise.resolve(true);
  return new Promise((resolve) => {
    if (!('locks' in navigator)) return resolve(true);
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null || mine.has(name));
        // The lock is this tab's until it is given back.
        return lock === null ? undefined : new Promise<void>((giveBack) => mine.set(name, giveBack));
      })
      .catch(() => resolve(true));
  });
}

export function giveBack(name: string): void {
  mine.get(name)?.();
  mine.delete(name);
}

/** What it does happens only where no other tab has the name; afterwards this one has it no more than before. */
export async function whereNobodyElse<T>(name: string, act: () => Promise<T>, otherwise: T): Promise<T> {
  const had = mine.has(name);
  if (!(await claim(name))) return otherwise;
  try {
    return await act();
  } finally {
    if (!had) giveBack(name);
  }
}
