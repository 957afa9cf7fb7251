/** What leads to a place in the token tree: the transcript of a rollout there, with the node selected. */
import type { ReactNode } from 'react';
import type { TreePlace } from '../../../engine/answers/top.ts';
import { useTasks } from '../../queries/answers.ts';
import { openTranscript } from '../../state/transcript.ts';

interface ReadAtProps {
  readonly place: TreePlace;
  readonly label: string;
  readonly children: ReactNode;
}

export function ReadAt({ place, label, children }: ReadAtProps) {
  const tasks = useTasks();
  return (
    <button
      type="button"
      title={label}
      onClick={() => {
        const task = tasks?.key[place.task];
        openTranscript(place.rollout, { branch: place.branch, node: place.node, ...(task === undefined ? {} : { task }) });
      }}
      className="flex w-full min-w-0 items-center rounded-sm py-0.5 text-left hover:bg-leaf-soft focus-visible:bg-leaf-soft"
    >
      {children}
    </button>
  );
}
