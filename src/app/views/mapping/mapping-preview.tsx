/** Reads the example records with the mapping in a session of their own and shows what comes out. */
import { visible } from '../../../base/visible.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { spawnSession } from '../../../../workers/spawn.ts';
import type { Issue } from '../../../core/model/issue.ts';
import type { UnmappedFile } from '../../../engine/answers/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';

interface Outcome {
  readonly records: number;
  readonly rollouts: number;
  readonly tasks: readonly string[];
  readonly tokens: number;
  readonly sampled: number;
  readonly issues: readonly Issue[];
}

/** A session is a lot for a letter: it is begun where the typing rests, and ended where it goes on. */
const REST_MS = 200;

async function tryOut(file: UnmappedFile, mapping: unknown, signal: AbortSignal): Promise<Outcome> {
  await new Promise((done) => setTimeout(done, REST_MS));
  signal.throwIfAborted();
  const scratch = spawnSession();
  signal.addEventListener('abort', () => scratch.dispose());
  try {
    const blob = new Blob(file.examples.map((line) => `${line}\n`));
    const facts = await scratch.open(
      [{ path: 'examples.jsonl', blob }],
      { ...useChoices.getState().openSettings, mapping },
      () => undefined,
    );
    const tasks = await scratch.tasks();
    const page = await scratch.issues(0, 5);
    return {
      records: file.examples.length,
      rollouts: facts.rollouts,
      tasks: tasks.label,
      tokens: facts.tokens.flat,
      sampled: facts.tokens.sampled,
      issues: page.issues,
    };
  } finally {
    scratch.dispose();
  }
}

export function MappingPreview({ file, mapping }: { readonly file: UnmappedFile; readonly mapping: unknown }) {
  const { data, error, isFetching } = useQuery({
    queryKey: ['mapping-preview', file.name, mapping],
    queryFn: ({ signal }) => tryOut(file, mapping, signal),
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  });
  return (
    <section
      aria-label="Outcome"
      aria-live="polite"
      className={`grid gap-1 rounded border border-line bg-paper px-3 py-2 ${isFetching ? 'opacity-70' : ''}`}
    >
      {error && <p className="m-0 text-cut">{error.message}</p>}
      {data && (
        <>
          <p className="m-0">
            <b className={`font-[600] ${data.rollouts === data.records ? 'text-leaf' : 'text-cut'}`}>
              {exact(data.rollouts)} of {plural(data.records, 'example record')}
            </b>{' '}
            can be used: {exact(data.tokens)} tokens, {exact(data.sampled)} of them sampled.
          </p>
          {data.tasks.slice(0, 3).map((task) => (
            <p key={task} className="m-0 truncate font-mono text-t0 text-ink2">
              {visible(task)}
            </p>
          ))}
          {data.issues.map((issue) => (
            <p key={`${issue.line} ${issue.code} ${issue.address.start}`} className="m-0 text-cut">
              Record {exact(issue.line)}: expected {visible(issue.expected)}, found {visible(issue.found)}
            </p>
          ))}
        </>
      )}
    </section>
  );
}
