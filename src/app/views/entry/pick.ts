/** Opens the browser's file and folder pickers: the kind that leaves handles where there is one, else plain inputs. */
import { readFileList, readHandles } from '../../../platform/browser/inputs.ts';
import { openPicked } from './open-picked.ts';

interface Pickers {
  showOpenFilePicker?(options: { multiple: boolean; id: string }): Promise<FileSystemFileHandle[]>;
  showDirectoryPicker?(options: { mode: 'read'; id: string }): Promise<FileSystemDirectoryHandle>;
}

/** Resolves with a sentence for the person, empty where all went well or they closed the picker. */
export async function pickFiles(): Promise<string> {
  const pick = (globalThis as Pickers).showOpenFilePicker;
  if (!pick) return pickPlainly(false);
  return withHandles(() => pick({ multiple: true, id: 'espalier-logs' }));
}

export async function pickFolder(): Promise<string> {
  const pick = (globalThis as Pickers).showDirectoryPicker;
  if (!pick) return pickPlainly(true);
  return withHandles(async () => [await pick({ mode: 'read', id: 'espalier-logs' })]);
}

async function withHandles(pick: () => Promise<FileSystemHandle[]>): Promise<string> {
  let handles: FileSystemHandle[];
  try {
    handles = await pick();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return '';
    throw error;
  }
  return openPicked(await readHandles(handles), { kind: 'files', handles });
}

async function pickPlainly(folder: boolean): Promise<string> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  const chosen = await new Promise<FileList | null>((resolve) => {
    input.addEventListener('change', () => resolve(input.files));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
  return chosen ? openPicked(readFileList(chosen), { kind: 'files', handles: [] }) : '';
}
