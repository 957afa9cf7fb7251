/** What `npm run fuzz` can be told. */
import { parseArgs } from 'node:util';

export const HELP = `npm run fuzz -- [options]

Runs every reader, every file format of our own and the page's address over changed inputs, and checks what must hold of the answers.

  --executions N   stop after N in all, those of an earlier run with the same --state included (default: no limit)
  --minutes N      stop after N minutes (default 2, without a limit of executions)
  --reader NAME    only targets with NAME in their name, for example "format verl" or dialect
  --seed N         what the inputs are made from (default: the time); it is printed
  --threads N      worker threads (default 1)
  --state FOLDER   keep counts, findings and grown inputs there, and go on from what is there
  --report FILE    write a report of all executions
  --grow           put the inputs that reach most into test/fuzz/corpus

Each finding is made as small as it breaks the same and written to test/fuzz/regressions (with --state: to that folder), from where
a unit test runs it. Exit codes: 0 nothing found, 1 something found, 2 usage error.
`;

export interface Options {
  readonly executions: number;
  readonly minutes: number;
  readonly reader: string;
  readonly seed: number | null;
  readonly threads: number;
  readonly state: string | null;
  readonly report: string | null;
  readonly grow: boolean;
}

/** Null: help was asked for. Throws where an option is unknown or no number. */
export function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      executions: text,
      minutes: text,
      reader: text,
      seed: text,
      threads: text,
      state: text,
      report: text,
      grow: flag,
      help: flag,
    },
  });
  if (values.help === true) return null;
  const number = (name: 'executions' | 'minutes' | 'seed' | 'threads'): number | null => {
    const given = values[name];
    if (given === undefined) return null;
    const value = Number(given);
    if (given.trim() === '' || !Number.isFinite(value) || value < 0) throw new Error(`--${name}: expected a number, found ${given}`);
    return value;
  };
  const executions = number('executions');
  return {
    executions: executions ?? Infinity,
    minutes: number('minutes') ?? (executions === null ? 2 : Infinity),
    reader: values.reader ?? '',
    seed: number('seed'),
    threads: Math.max(1, number('threads') ?? 1),
    state: values.state ?? null,
    report: values.report ?? null,
    grow: values.grow ?? false,
  };
}
