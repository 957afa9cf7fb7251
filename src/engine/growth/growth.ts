/** The verbs by which what is open grows and shrinks: one after another, each whole or not at all. */
import { bindFiles } from '../bindings/bind-files.ts';
import type { Spliced } from '../../core/tree/splice.ts';
import type { FollowAnswer, Unfollowed } from '../answers/growing.ts';
import type { OpenProgress, OpenSettings } from '../answers/opening.ts';
import type { Dataset } from '../dataset.ts';
import type { OpenedInput } from '../opened-input.ts';
import type { InputFile } from '../input-file.ts';
import type { Unpack } from '../parts.ts';
import type { ParsePool } from '../pool.ts';
import { firstStep, stepOf, type Begun, type Followed, type Step } from './follow.ts';
import type { GrowingSource } from '../input-file.ts';
import { isCut, regrow, type Slot } from './regrow.ts';

type OnProgress = (progress: OpenProgress) => void;

/** Why a file is not followed any more of which some was left, as there is no room for it. */
const NO_ROOM = 'there is no room for more of it';
const BOUND = 'it is a record only together with other files, which are read once';

/** Files to open, and those of them that are followed from then on. */
export interface BegunFiles {
  readonly files: readonly InputFile[];
  readonly begun: readonly Begun[];
  /** Paths of those that grow and are not followed, as they are a record only together with others. */
  readonly bound: readonly string[];
}

/** The verbs about files that grow. */
export interface GrowthVerbs {
  /** Reads a file that grows up to its last complete line, as an input of its own. */
  follow(source: GrowingSource, onProgress: OnProgress): Promise<FollowAnswer>;
  /** Follows an input that is open: it is read anew up to its last complete line, and goes on from there. */
  followOpen(name: string, source: GrowingSource): Promise<FollowAnswer>;
  /** Reads what complete lines have come since. */
  poll(name: string): Promise<FollowAnswer>;
  /**
   * The same for several files, in one step; those that are not open or not followed any more are left out. One that cannot be looked
   * at is told as unread, and keeps no other from being read.
   */
  pollAll(names: readonly string[]): Promise<readonly FollowAnswer[]>;
  /** What was read of the files that are followed: those of `follow`, and those that were opened or added as files that grow. */
  followed(): readonly FollowAnswer[];
  /** Files that were opened or added as files that grow, and are not followed. */
  unfollowed(): readonly Unfollowed[];
  /** Reads the rest, its last line included whether it is complete or not, and ends following. */
  unfollow(name: string): Promise<FollowAnswer>;
}

export interface Growth {
  /** Reads further files as if all had been opened at once. What was open stays as it was after `cancel` or a failure. */
  append(files: readonly InputFile[], onProgress: OnProgress): Promise<void>;
  /**
   * Takes an input out by its name, or all members of a container by the name of its file: what is left is as if it had never
   * been opened.
   */
  remove(name: string): Promise<void>;
  /**
   * Files to open, those that are records only together as one, and those that grow up to their last complete line; `watch` follows
   * them once they are open, or says why not where there was no room for all.
   */
  begin(files: readonly InputFile[], settings: OpenSettings, signal: AbortSignal): Promise<BegunFiles>;
  watch(given: BegunFiles, isFull: boolean): void;
  readonly verbs: GrowthVerbs;
  /** Whether something is being read. */
  readonly busy: boolean;
  /** Stops the verb that is going on; the forest stays as it was before it. */
  cancel(): void;
  /** Other files are being opened: nothing is followed any more. */
  leave(): void;
}

interface Changed {
  /** slot -> number of its first input */
  readonly firstOf: readonly number[];
  /** Some of what is new was left, as there is no room for it. */
  readonly isFull: boolean;
  readonly isCommitted: boolean;
}

/** What growth needs of its session. */
export interface GrowthState {
  /** Bytes that forests may take. */
  readonly room: number;
  /** Throws where nothing is open. */
  dataset(): Dataset;
  settings(): OpenSettings;
  /** Settles once no opening is going on. */
  opened(): Promise<unknown>;
  nextVersion(): number;
  commit(dataset: Dataset, spliced: Pick<Spliced, 'spans'>): void;
}

export function makeGrowth(pool: ParsePool, unpack: Unpack, state: GrowthState): Growth {
  const followed = new Set<Followed>();
  let unfollowed: readonly Unfollowed[] = [];
  let lane: Promise<unknown> = Promise.resolve();
  let running: AbortController | null = null;
  let waiting = 0;
  /** Grows when other files are opened: verbs that were waiting are then void. */
  let era = 0;
  let configured: OpenSettings | null = null;

  /** One verb at a time, none while files are opened. */
  function next<T>(verb: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const mine = era;
    waiting++;
    const result = lane.then(async () => {
      await state.opened().catch(() => undefined);
      const controller = (running = new AbortController());
      try {
        if (mine !== era) throw Object.assign(new Error('other files were opened'), { name: 'AbortError' });
        return await verb(controller.signal);
      } finally {
        running = null;
        waiting--;
      }
    });
    lane = result.catch(() => undefined);
    return result;
  }

  async function change(slots: readonly Slot[], signal: AbortSignal, onProgress: OnProgress): Promise<Changed> {
    const base = state.dataset();
    if (!base.opening.intact) throw new Error('the open dataset was not read completely; open the files again');
    const settings = state.settings();
    if (configured !== settings) await pool.configure(settings);
    configured = null;
    const report = (progress: Omit<OpenProgress, 'partial'>): void => onProgress({ ...progress, partial: false });
    const grown = await regrow(base, slots, state.nextVersion(), settings, pool, unpack, signal, report, state.room);
    const { dataset, spans, firstOf, isFull } = grown;
    signal.throwIfAborted();
    // A worker that failed is replaced when the pool is next configured; one that did not needs no telling again.
    configured = settings;
    // What was read of a file is not given up for less of the same file.
    if (isFull && slots.some((slot) => 'file' in slot && slot.instead !== undefined)) return { firstOf, isFull, isCommitted: false };
    for (const one of followed) {
      const slot = slots.findIndex((each) => ('file' in each ? each.instead : each.before) === one.index);
      one.index = firstOf[slot] ?? -1;
      if (one.index < 0) followed.delete(one);
    }
    state.commit(dataset, { spans });
    return { firstOf, isFull, isCommitted: true };
  }

  const kept = (): Slot[] => state.dataset().opening.inputs.map((_, before) => ({ before }));
  const quiet: OnProgress = () => undefined;
  const inputsOf = (name: string): OpenedInput[] => {
    const { inputs } = state.dataset().opening;
    const ofFile = inputs.filter(({ fileName }) => fileName === name);
    const found = ofFile.length > 0 ? ofFile : inputs.filter(({ path }) => path === name);
    if (found.length === 0) throw new Error(`${name} is not open`);
    return found;
  };
  const followedBy = (name: string): Followed => {
    const index = state.dataset().opening.inputs.indexOf(inputsOf(name)[0]!);
    const found = [...followed].find((one) => one.index === index);
    if (!found) throw new Error(`${name} is not followed`);
    return found;
  };
  const answer = (one: Followed, ended: string | null): FollowAnswer => ({
    name: state.dataset().opening.inputs[one.index]?.fileName ?? one.growing.path,
    bytes: one.readTo,
    held: one.lookedTo - one.readTo,
    ended,
  });

  /** @param onUnread is told of a file that cannot be looked at; it throws where that ends the look at all */
  async function readOn(
    names: readonly string[],
    last: boolean,
    signal: AbortSignal,
    onUnread: (one: Followed, error: unknown) => void,
  ): Promise<FollowAnswer[]> {
    const { inputs } = state.dataset().opening;
    const looked = [...new Set(names.map(followedBy))].map((one) => ({ one, input: inputs[one.index]! }));
    const steps: { readonly one: Followed; readonly input: OpenedInput; readonly step: Step }[] = [];
    for (const { one, input } of looked)
      try {
        steps.push({ one, input, step: await stepOf(one, input, state.settings(), last) });
      } catch (error) {
        onUnread(one, error);
      }
    signal.throwIfAborted();
    const changed = steps.filter(({ step }) => step.slot !== null);
    let done: Changed | null = null;
    if (changed.length > 0) {
      const slotOf = new Map(changed.map(({ one, step }) => [one.index, step.slot]));
      // Members of a container that is read anew give way to those that it has now.
      const anew = new Set(changed.map(({ input }) => input.part.from));
      const slots = inputs.flatMap((input, before): Slot[] => {
        const slot = slotOf.get(before);
        return slot ? [slot] : anew.has(input.part.from) ? [] : [{ before }];
      });
      done = await change(slots, signal, quiet);
    }
    const isLeft = ({ index }: Followed, slot: Slot): boolean =>
      done?.isFull === true && (done.isCommitted ? isCut(state.dataset().opening.inputs[index]!) : 'file' in slot);
    return steps.map(({ one, step }) => {
      if (done?.isCommitted !== false || step.slot === null) Object.assign(one, { readTo: step.readTo, lookedTo: step.lookedTo });
      const full = step.slot !== null && isLeft(one, step.slot) ? NO_ROOM : null;
      const told = answer(one, step.ended ?? full ?? (last ? 'following was stopped' : null));
      if (told.ended !== null) followed.delete(one);
      return step.unread === undefined ? told : { ...told, unread: step.unread };
    });
  }
  const readOne = async (name: string, last: boolean, signal: AbortSignal): Promise<FollowAnswer> => {
    const [told] = await readOn([name], last, signal, (_, error) => {
      throw error;
    });
    if (!told) throw new Error(`${name} is not followed`);
    return told;
  };
  const watch: Growth['watch'] = ({ begun, bound }, isFull) => {
    const { inputs } = state.dataset().opening;
    const left = isFull ? begun.map(({ growing: { path } }) => ({ path, why: NO_ROOM })) : [];
    unfollowed = [...unfollowed, ...bound.map((path) => ({ path, why: BOUND, isPart: true as const })), ...left];
    if (isFull) return;
    for (const { growing, readTo, lookedTo } of begun) {
      const index = inputs.findIndex(({ part }) => part.from.growing === growing);
      if (index >= 0) followed.add({ growing, index, readTo, lookedTo });
    }
  };
  const begin: Growth['begin'] = async (files, settings, signal) => {
    const begun: Begun[] = [];
    const given: InputFile[] = [];
    const alone = await bindFiles(files, unpack, signal);
    for (const file of alone) {
      const first = file.growing === undefined ? null : await firstStep(file.growing, settings);
      if (first) begun.push(first);
      given.push(first?.file ?? file);
    }
    const growing = new Set(alone.map((file) => file.growing));
    const bound = files.filter((file) => file.growing !== undefined && !growing.has(file.growing)).map(({ path }) => path);
    return { files: given, begun, bound };
  };

  const answers = (): FollowAnswer[] => [...followed].map((one) => answer(one, null));
  const verbs: GrowthVerbs = {
    follow: (growing, onProgress) =>
      next(async (signal) => {
        const { file, readTo, lookedTo } = await firstStep(growing, state.settings());
        const { firstOf, isFull } = await change([...kept(), { file, grows: true }], signal, onProgress);
        const one: Followed = { growing, index: firstOf.at(-1) ?? -1, readTo, lookedTo };
        if (!isFull) followed.add(one);
        return answer(one, isFull ? NO_ROOM : null);
      }),
    followOpen: (name, growing) =>
      next(async (signal) => {
        const [input] = inputsOf(name);
        const { file, readTo, lookedTo } = await firstStep(growing, state.settings());
        const { inputs } = state.dataset().opening;
        const slots = inputs.flatMap((each, before): Slot[] => {
          if (each === input) return [{ file, instead: before, grows: true }];
          return each.part.from === input?.part.from ? [] : [{ before }];
        });
        const one: Followed = { growing, index: inputs.indexOf(input!), readTo, lookedTo };
        followed.add(one);
        try {
          const { isFull } = await change(slots, signal, quiet);
          unfollowed = unfollowed.filter(({ path }) => path !== growing.path);
          if (isFull) {
            followed.delete(one);
            unfollowed = [...unfollowed, { path: growing.path, why: NO_ROOM }];
          }
          return answer(one, isFull ? NO_ROOM : null);
        } catch (error) {
          followed.delete(one);
          throw error;
        }
      }),
    followed: answers,
    unfollowed: () => unfollowed,
    poll: (name) => next((signal) => readOne(name, false, signal)),
    pollAll: (names) =>
      next(async (signal) => {
        const known = new Set(answers().map(({ name }) => name));
        const unread = new Map<Followed, string>();
        const read = await readOn(
          names.filter((name) => known.has(name)),
          false,
          signal,
          (one, error) => unread.set(one, error instanceof Error ? error.message : String(error)),
        );
        return [...read, ...Array.from(unread, ([one, why]) => ({ ...answer(one, null), unread: why }))];
      }),
    unfollow: (name) => next((signal) => readOne(name, true, signal)),
  };

  return {
    append: (files, onProgress) =>
      next(async (signal) => {
        const given = await begin(files, state.settings(), signal);
        const slots = given.files.map((file) => ({ file, ...(file.growing && { grows: true }) }));
        const { isFull } = await change([...kept(), ...slots], signal, onProgress);
        watch(given, isFull);
      }),
    remove: (name) =>
      next(async (signal) => {
        const gone = new Set(inputsOf(name));
        const { inputs } = state.dataset().opening;
        await change(
          kept().filter((_, index) => !gone.has(inputs[index]!)),
          signal,
          quiet,
        );
        const paths = new Set(Array.from(gone, ({ part }) => part.from.path));
        unfollowed = unfollowed.filter(({ path }) => !paths.has(path));
      }),
    begin,
    watch,
    verbs,
    get busy() {
      return waiting > 0;
    },
    cancel: () => running?.abort(),
    leave() {
      era++;
      configured = null;
      followed.clear();
      unfollowed = [];
      running?.abort();
    },
  };
}
