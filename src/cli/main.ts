/** The CLI: finds the command, turns its outcome into an exit code. */
import { curve } from './commands/curve.ts';
import { evaluate } from './commands/evaluate.ts';
import { inspect } from './commands/inspect.ts';
import { prune } from './commands/prune.ts';
import { rollouts } from './commands/rollouts.ts';
import { score } from './commands/score.ts';
import { search } from './commands/search.ts';
import { share } from './commands/share.ts';
import { stats } from './commands/stats.ts';
import { study } from './commands/study.ts';
import { tasks } from './commands/tasks.ts';
import { view } from './commands/view.ts';
import { ChangedInput } from '../engine/identity.ts';
import { CHANGED, DEFECT, DONE, EXIT_HELP, FILE_FAULT, IN_USE, USAGE } from './exit-codes.ts';
import { packageVersion } from './places.ts';
import { note, print, printHelp, tell, watchStreams } from './streams.ts';
import { UsageError } from './usage.ts';
import { NoRoom } from '../engine/parts.ts';
import { faultOf } from '../platform/node/fault.ts';
import { FolderInUse } from '../platform/node/folder-sink.ts';

const HELP = `espalier: prefix forests of agent rollouts, pruned to a token budget

  espalier inspect PATH…   what the logs contain
  espalier rollouts PATH…  a row for each rollout, as a table, CSV or JSON
  espalier search PATH… FILTER  rollouts that a filter takes, and where its words stand
  espalier stats PATH…     turns, tools, entropy, reward and sharing of sets of rollouts
  espalier study NAME PATH…  what else the sources of this project describe, such as errors or ground truths
  espalier prune PATH…     prune to a budget and write training sets
  espalier score PATH…     entropy by a language model, for logs that have none
  espalier evaluate PATH…  strategies and train methods side by side, as a page
  espalier tasks PATH…     the task of each record, for a cluster
  espalier curve PATH…     the order of a part of a log, for a cluster
  espalier share CURVE…    one budget for all parts, for a cluster
  espalier view [PATH…]    the workbench, served on this machine, with these files open in it
  espalier --version       print the version

espalier COMMAND --help explains each. - as PATH reads standard input.

${EXIT_HELP}`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  inspect,
  rollouts,
  search,
  stats,
  study,
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
    if (name === undefined) note(...HELP.trimEnd().split('\n'));
    else printHelp(HELP);
    return name === undefined ? USAGE : DONE;
  }
  if (name === '--version') {
    print(packageVersion());
    return DONE;
  }
  const command = COMMANDS[name];
  if (!command) throw new UsageError(`no command ${name}; the commands are ${Object.keys(COMMANDS).join(', ')}`);
  return command(rest);
}

function isUsage(error: unknown): error is Error {
  return error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

/** Tells why a run failed. @returns its exit code */
function codeOf(error: unknown): number {
  const fault = error instanceof NoRoom ? error : faultOf('the system refused', error);
  const isChanged = error instanceof ChangedInput;
  // What Node says of flags has lines of its own.
  if (isUsage(error) || isChanged || error instanceof FolderInUse) tell(error.message.replaceAll(/\n(?=Did you forget|To specify)/g, ' '));
  else if (fault !== null) tell(fault.message);
  else tell(...(error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n'));
  if (isChanged) return CHANGED;
  return isUsage(error) ? USAGE : error instanceof FolderInUse ? IN_USE : fault !== null ? FILE_FAULT : DEFECT;
}

watchStreams();
process.on('uncaughtException', (error) => process.exit(codeOf(error)));
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode ??= code;
  },
  (error: unknown) => {
    process.exitCode = codeOf(error);
  },
);
