/** The CLI: finds the command, turns its outcome into an exit code. */
import { curve } from './commands/curve.ts';
import { evaluate } from './commands/evaluate.ts';
import { inspect } from './commands/inspect.ts';
import { prune } from './commands/prune.ts';
import { score } from './commands/score.ts';
import { share } from './commands/share.ts';
import { tasks } from './commands/tasks.ts';
import { view } from './commands/view.ts';
import { packageVersion } from './places.ts';
import { UsageError } from './usage.ts';

const HELP = `espalier: prefix forests of agent rollouts, pruned to a token budget

  espalier inspect PATH…   what the logs contain
  espalier prune PATH…     prune to a budget and write training sets
  espalier score PATH…     entropy by a language model, for logs that have none
  espalier evaluate PATH…  strategies and train methods side by side, as a page
  espalier tasks PATH…     the task of each record, for a cluster
  espalier curve PATH…     the order of a part of a log, for a cluster
  espalier share CURVE…    one budget for all parts, for a cluster
  espalier view            the workbench, served on this machine
  espalier --version       print the version

espalier COMMAND --help explains each. - as PATH reads standard input.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  inspect,
  prune,
  score,
  evaluate,
  tasks,
  curve,
  share,
  view,
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const command = COMMANDS[name];
  if (!command) throw new UsageError(`no command ${name}; the commands are ${Object.keys(COMMANDS).join(', ')}`);
  return command(rest);
}

function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

// Whoever reads the results may have enough of them before they end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = isUsage(error);
    const text = error instanceof Error ? (usage ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`espalier: ${text}\n`);
    process.exitCode = usage ? 2 : 70;
  },
);
