/** Opens the browser's file and folder pickers: the kind that leaves handles where there is one, else plain inputs. */
import { canPickWithHandles, pickFileHandles, pickFolderHandle } from '../../../platform/browser/pickers.ts';
import { readFileList, readHandles } from '../../../platform/browser/inputs.ts';
import { openPicked } from './open-picked.ts';

/** Resolves with a sentence for the person, empty where all went well or they closed the picker. */
export async function pickFiles(): Promise<string> {
  return canPickWithHandles() ? withHandles(pickFileHandles) : pickPlainly(false);
}

export async function pickFolder(): Promise<string> {
  return canPickWithHandles() ? withHandles(async () => [await pickFolderHandle('read')]) : pickPlainly(true);
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
