/** Opens the browser's file and folder pickers: the kind that leaves handles where there is one, else plain inputs. */
import { canPickWithHandles, pickFileHandles, pickFolderHandle } from '../../../platform/browser/pickers.ts';
import { readFileList, readHandles } from '../../../platform/browser/inputs.ts';
import type { Dropped } from '../../../platform/browser/inputs.ts';
import { openPicked } from './open-picked.ts';

/** Resolves with a sentence for the person, empty where all went well or they closed the picker. */
export async function pickFiles(): Promise<string> {
  return openChosen(await chooseFiles());
}

export async function pickFolder(): Promise<string> {
  return openChosen(await chooseFolder());
}

/** null where the person closed the picker. */
export function chooseFiles(): Promise<Dropped | null> {
  return canPickWithHandles() ? chooseWithHandles(pickFileHandles) : choosePlainly(false);
}

export function chooseFolder(): Promise<Dropped | null> {
  return canPickWithHandles() ? chooseWithHandles(async () => [await pickFolderHandle('read')]) : choosePlainly(true);
}

async function openChosen(chosen: Dropped | null): Promise<string> {
  return chosen ? openPicked(chosen.files, { kind: 'files', handles: chosen.handles }) : '';
}

async function chooseWithHandles(pick: () => Promise<FileSystemHandle[]>): Promise<Dropped | null> {
  let handles: FileSystemHandle[];
  try {
    handles = await pick();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  return { files: await readHandles(handles), handles };
}

async function choosePlainly(folder: boolean): Promise<Dropped | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  const chosen = await new Promise<FileList | null>((resolve) => {
    input.addEventListener('change', () => resolve(input.files));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
  return chosen && { files: readFileList(chosen), handles: [] };
}
