/** What the browser keeps of a person's choices, where it keeps anything: storage may be missing, full or forbidden. */

/** Null where nothing is kept under the key, or nothing may be read. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param value null: nothing. Where nothing can be kept, the choice holds until the page is left. */
export function keepStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Forbidden, full, or not there.
  }
}
