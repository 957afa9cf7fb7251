/** What loading a model would read, found out without reading it. */
import { findModelFiles, neededFiles } from './model-config.ts';
import type { ModelChoice, ModelSize } from './model-choice.ts';
import type { ModelFolder } from './model-folder.ts';

/** @param platform lists a folder's files without reading them */
export async function modelSize(
  platform: { open(choice: ModelChoice, signal: AbortSignal): Promise<ModelFolder> },
  choice: ModelChoice,
  dtype: string | null,
): Promise<ModelSize> {
  try {
    const folder = await platform.open(choice, new AbortController().signal);
    const found = findModelFiles(folder.files, dtype);
    if (!found.ok) return { ok: false, reason: `${folder.name}: ${found.reason}` };
    // Of graphs whose names say nothing all may be read, to see which one fits.
    const files = [...neededFiles(found.files), ...found.files.others];
    const sum = (some: typeof files): number => some.reduce((total, file) => total + file.bytes, 0);
    return {
      ok: true,
      bytes: sum(files),
      keptBytes: files.reduce((total, { bytes, kept, here = 0 }) => total + (kept ? bytes : here), 0),
      files: files.map(({ path }) => path),
    };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
