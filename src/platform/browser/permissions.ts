/** Asks whether kept file handles may be read, and the person for leave where they may not yet. */
import './pickers.ts';

/** True when every handle can be read without asking. */
export async function mayRead(handles: readonly FileSystemHandle[]): Promise<boolean> {
  for (const handle of handles) {
    const state = await handle.queryPermission?.({ mode: 'read' });
    if (state !== 'granted') return false;
  }
  return handles.length > 0;
}

/** Asks the person; call it from a click. */
export async function askToRead(handles: readonly FileSystemHandle[]): Promise<boolean> {
  for (const handle of handles) {
    const state = await handle.requestPermission?.({ mode: 'read' });
    if (state !== 'granted') return false;
  }
  return handles.length > 0;
}
