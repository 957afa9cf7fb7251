/** `espalier study NAME PATH…`: the studies of the page, as text or JSON. */
import { parseArgs } from 'node:util';
import { open } from '../api.ts';
import { readInputs } from '../inputs.ts';
import { OPEN_HELP, OPEN_OPTIONS, openProgress, REGARD_HELP } from '../open-flags.ts';
import { openOptions, readSession, SAID_OPTIONS, SESSION_HELP } from '../session-flag.ts';
import { printHelp } from '../streams.ts';
import { STUDIES } from '../studies/registry.ts';
import type { StudyCommand } from '../studies/study.ts';
import { UsageError } from '../usage.ts';

const LIST = STUDIES.map(({ id, about }) => `  espalier study ${id.padEnd(12)} ${about}`).join('\n');

export const STUDY_HELP = `espalier study NAME PATH… [options]

What else the sources of this project describe, on your logs (docs/seeds.md):

${LIST}

espalier study NAME --help explains each.

Exit codes: 0 done, 1 nothing to study, 2 usage error; espalier --help lists all.
`;

export async function study(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    printHelp(STUDY_HELP);
    return name === undefined ? 2 : 0;
  }
  const member = STUDIES.find(({ id }) => id === name);
  if (member === undefined) throw new UsageError(`no study ${name}; the studies are ${STUDIES.map(({ id }) => id).join(', ')}`);
  const { values, positionals } = parseArgs({
    args: [...rest],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, ...SAID_OPTIONS, ...OPEN_OPTIONS, ...member.options },
  });
  if (values.help) {
    printHelp(helpOf(member));
    return 0;
  }
  member.check?.(values);
  const session = await readSession(values.session);
  const inputs = await readInputs(positionals, values);
  const dataset = await open(inputs, { ...(await openOptions(values, session, inputs)), onProgress: openProgress() });
  return member.run(dataset, values, values.json === true);
}

/** What it prints with --help. */
export function helpOf({ id, help }: StudyCommand): string {
  return `espalier study ${id} PATH… [options]

${help.trim()}
  --json                 print one JSON object
${OPEN_HELP}
${REGARD_HELP}
${SESSION_HELP}

Exit codes: 0 done, 1 nothing to study, 2 usage error; espalier --help lists all.
`;
}
