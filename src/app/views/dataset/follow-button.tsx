/** Reads the open files on as they grow, where the page can look at them again: those with a handle, and those at addresses. */
import { fileHandles } from '../../../platform/browser/inputs.ts';
import { askToRead } from '../../../platform/browser/permissions.ts';
import type { InputBlob } from '../../../../workers/contract.ts';
import { followOpened } from '../../queries/growing.ts';
import { useChoices } from '../../state/choices.ts';
import type { Opening } from '../../state/opened.ts';
import { Button } from '../../widgets/controls.tsx';

type Way = NonNullable<InputBlob['growing']>;

export function FollowButton() {
  const opening = useChoices((s) => s.opening);
  if (opening === null || !canFollow(opening)) return null;
  return (
    <Button small title="Reads on as the files grow" onClick={() => void follow(opening)}>
      Follow as they grow
    </Button>
  );
}

/** Some file is not followed yet, and can be. */
function canFollow({ files, origin }: Opening): boolean {
  const hasHandles = origin.kind === 'files' && origin.handles.length > 0;
  return files.some(({ blob, growing }) => growing === undefined && ('address' in blob || hasHandles));
}

async function follow(opening: Opening): Promise<void> {
  const { set } = useChoices.getState();
  try {
    set({ panel: null });
    const problems = await followOpened(await waysOf(opening));
    if (problems.length > 0) set({ notice: problems.join(' ') });
  } catch (error) {
    set({ notice: `The files cannot be followed: ${error instanceof Error ? error.message : String(error)}` });
  }
}

async function waysOf({ files, origin }: Opening): Promise<ReadonlyMap<InputBlob, Way>> {
  const ways = new Map<InputBlob, Way>();
  const waiting = files.filter(({ growing }) => growing === undefined);
  for (const file of waiting) if ('address' in file.blob) ways.set(file, file.blob);
  if (origin.kind !== 'files' || origin.handles.length === 0 || !(await askToRead(origin.handles))) return ways;
  const handles = new Map<string, Way>();
  for await (const { path, handle } of fileHandles(origin.handles)) handles.set(path, handle);
  for (const file of waiting) {
    const handle = handles.get(file.path);
    if (handle !== undefined) ways.set(file, handle);
  }
  return ways;
}
