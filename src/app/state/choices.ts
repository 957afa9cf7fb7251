/** What the person chose, and nothing else: answers of the session live in queries. */
import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { NodeKey } from '../../core/model/node-key.ts';
import { DEFAULT_RULE } from '../../core/model/rule.ts';
import { NO_NOTES } from '../../core/notes/notes.ts';
import type { Notes } from '../../core/notes/notes.ts';
import type { Budget, Protection, PruneRule } from '../../core/model/rule.ts';
import type { Preset } from '../../core/rule/preset.ts';
import { presetRule } from '../../core/rule/presets.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../engine/answers/opening.ts';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { TreeView } from '../../engine/answers/drawing.ts';
import type { Settings } from '../../engine/answers/comparing.ts';
import type { Split } from '../../engine/answers/statistics.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { begin, commit, edit, preview, redo, undo } from './history.ts';
import type { History } from './history.ts';
import { coloursOf } from './looks.ts';
import type { ColourBy, CurveOf, Shape, SortBy, Target } from './looks.ts';
import { NO_PLACE, steer } from './opened.ts';
import type { Opened, Opening, Origin, Place } from './opened.ts';
import { keepStored, readStored } from './stored.ts';
import type { LeftList, TableLook } from './table-look.ts';
import { readHash } from './url.ts';

export type Theme = 'light' | 'dark' | 'system';
export type Tab = 'tasks' | 'tree' | 'node' | 'budget';
export type Panel = 'problems' | 'entropy' | 'export' | 'report' | 'help' | 'palette' | 'mapping' | 'dataset' | 'advanced' | 'protect';

/** What undo goes through: a rule, a budget (null: the one that the log itself suggests), and what is open. */
export interface Pruning {
  readonly rule: PruneRule;
  readonly budget: Budget | null;
  /** Null: nothing. */
  readonly opened: Opened | null;
  /** What the person says of nodes, rollouts and tasks. */
  readonly notes: Notes;
  /** Where a person was when they left what was open; null: they have not left it. */
  readonly place: Place | null;
}

export type { Opening, Origin } from './opened.ts';

export interface Choices {
  readonly opening: Opening | null;
  /** An address that is being fetched; it becomes an opening when all bytes are here. */
  readonly address: string | null;
  /** An address that a link or an earlier visit names, at another host: nothing is asked of it before the person has said so. */
  readonly offered: string | null;
  /** A sentence above the page until it is closed. */
  readonly notice: string;
  readonly openSettings: OpenSettings;
  readonly pruning: History<Pruning>;
  readonly target: Target | null;
  /** The key of a task. */
  readonly task: string | null;
  /** Selected in the token tree, and in the action tree. The open log may lack a node that a link names. */
  readonly node: NodeKey | null;
  readonly action: NodeKey | null;
  /** The selected rollout. */
  readonly rollout: RolloutKey | null;
  /** The rollout that it is compared with. */
  readonly other: RolloutKey | null;
  /** The text of the filter box. */
  readonly filter: string;
  /** How statistics part the rollouts that the filter leaves; null: they are one set. */
  readonly split: Split | null;
  /** What the settings in force are compared with; null: nothing. No step of undo. */
  readonly settingsA: Settings | null;
  readonly table: TableLook;
  readonly list: LeftList;
  /** Fingerprint of the log on which these choices were made: a link brings it, else it is the open one's; null until that is known. */
  readonly madeOn: string | null;
  readonly shape: Shape;
  /** What the curve of the budget shows. */
  readonly curve: CurveOf;
  readonly colour: ColourBy;
  readonly treeView: TreeView;
  readonly sort: SortBy;
  readonly theme: Theme;
  readonly panel: Panel | null;
  readonly tab: Tab;
  readonly whitespace: boolean;
  readonly hintClosed: boolean;

  readonly open: (files: readonly InputBlob[], origin: Origin, settings?: Partial<OpenSettings>) => void;
  readonly reopen: (settings: Partial<OpenSettings>) => void;
  /** What a session file says, in one step; `view` is an address's hash. */
  readonly resume: (opened: Opened, said: Pick<Pruning, 'rule' | 'budget' | 'notes'>, view: string) => void;
  /** Files have come to what is open, or go from it; one undoable step. */
  readonly regroup: (opened: Opened) => void;
  /** What is open has grown by itself, or is followed from now on; no step: there is nothing that undo could take back. */
  readonly arrive: (opened: Opened) => void;
  /** Of an address that the person gave. */
  readonly fetchAddress: (address: string | null) => void;
  /** Of one that came otherwise: at the page's own host it is fetched, else the person is asked. */
  readonly offerAddress: (address: string) => void;
  readonly close: () => void;
  /** Takes over settings and selection of an address's hash: an earlier visit's, or one that is pasted. What is open is not read again. */
  readonly restore: (hash: string) => void;
  /** A preset's settings and budgets; one undoable step. Choices by hand stay. */
  readonly setPreset: (preset: Preset) => void;
  /** The settings that the log suggests, where nobody has chosen any: no step. */
  readonly takeSuggested: (preset: Preset) => void;
  /** The pruning that an opened forest export was made with; one undoable step. */
  readonly takePruning: (pruning: Pick<Pruning, 'rule' | 'budget'>) => void;
  /** One undoable step. */
  readonly setRule: (change: Partial<PruneRule>) => void;
  readonly setBudget: (budget: Budget) => void;
  /** A tick of a drag: not a step of its own until `commitBudget`. */
  readonly dragBudget: (budget: Budget) => void;
  readonly commitBudget: () => void;
  /** One undoable step. */
  readonly setNotes: (notes: Notes) => void;
  readonly protectByHand: (key: NodeKey, protection: Protection | null) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly selectTask: (task: string | null) => void;
  readonly selectNode: (node: NodeKey | null) => void;
  /** In the tree that is drawn. */
  readonly select: (node: NodeKey | null) => void;
  /** Any of the plain fields. */
  readonly set: (change: Partial<Plain>) => void;
}

type Plain = Pick<
  Choices,
  | 'target'
  | 'action'
  | 'rollout'
  | 'other'
  | 'filter'
  | 'split'
  | 'settingsA'
  | 'table'
  | 'list'
  | 'madeOn'
  | 'shape'
  | 'curve'
  | 'colour'
  | 'treeView'
  | 'sort'
  | 'theme'
  | 'panel'
  | 'notice'
  | 'tab'
  | 'whitespace'
  | 'hintClosed'
>;

const THEME_KEY = 'espalier-theme';
const fromAddress = readHash(typeof location === 'undefined' ? '' : location.hash);
let openings = 0;
const nextId = (): number => ++openings;

export const useChoices = create<Choices>()((set, get) => ({
  opening: null,
  address: null,
  offered: null,
  notice: '',
  openSettings: { ...DEFAULT_OPEN_SETTINGS, ...fromAddress.open },
  pruning: begin<Pruning>({
    rule: { ...DEFAULT_RULE, ...fromAddress.rule },
    budget: fromAddress.budget,
    opened: null,
    notes: NO_NOTES,
    place: null,
  }),
  target: fromAddress.target,
  task: fromAddress.task,
  node: fromAddress.node,
  action: fromAddress.action,
  rollout: fromAddress.rollout,
  other: fromAddress.other,
  filter: fromAddress.filter,
  split: fromAddress.split,
  settingsA: fromAddress.settingsA,
  table: fromAddress.table,
  list: fromAddress.list,
  madeOn: fromAddress.data,
  shape: fromAddress.shape,
  curve: 'signal',
  colour: fromAddress.colour,
  treeView: fromAddress.treeView,
  sort: fromAddress.sort,
  theme: storedTheme(),
  panel: null,
  tab: 'tree',
  whitespace: false,
  hintClosed: false,

  open(files, origin, settings) {
    const { opening, pruning } = get();
    const first = opening === null;
    const openSettings = { ...get().openSettings, ...settings };
    // The address may carry a selection for the first opening; another log starts afresh. The same files read again keep
    // it: keys name the same nodes.
    const { rule, budget, notes } = pruning.present;
    const opened: Opened = { files, origin, settings: openSettings };
    const isAgain = opening?.files === files;
    const isStep = settings !== undefined || !isAgain;
    const next: Pruning = {
      rule: first || isAgain ? rule : { ...rule, hand: [], acts: [] },
      budget,
      opened,
      notes: first || isAgain ? notes : NO_NOTES,
      place: null,
    };
    set({
      opening: {
        ...opened,
        id: nextId(),
        takesPruning: !(first && budget !== null),
        takesSuggested: !isAgain && !(first && budget !== null),
      },
      openSettings,
      address: null,
      panel: null,
      hintClosed: false,
      // Before anything was open there is nothing to go back to.
      pruning: isStep && !(first && pruning.past.length === 0) ? edit(leave(get()), next) : { ...pruning, present: next },
      ...(first ? {} : { madeOn: null, ...(isAgain ? {} : NO_PLACE) }),
    });
  },
  reopen(settings) {
    const { opening, openSettings } = get();
    const next = { ...openSettings, ...settings };
    if (!opening) return set({ openSettings: next });
    get().open(opening.files, opening.origin, Object.keys(settings).length > 0 ? next : undefined);
  },
  resume(opened, { rule, budget, notes }, view) {
    const before = get();
    const { pruning } = before;
    const isFirst = before.opening === null && pruning.past.length === 0;
    before.restore(view);
    const present: Pruning = { rule, budget, notes, opened, place: null };
    set({
      opening: { ...opened, id: nextId(), takesPruning: false, takesSuggested: false },
      openSettings: opened.settings,
      pruning: isFirst ? { ...pruning, present } : edit(leave(before), present),
      address: null,
      panel: null,
    });
  },
  regroup: (opened) =>
    set((s) => ({ opening: steer(s.opening, opened, nextId), pruning: edit(s.pruning, { ...s.pruning.present, opened }) })),
  arrive: (opened) =>
    set((s) => {
      const old = s.pruning.present.opened;
      // Steps back keep what came, too.
      const told = (each: Pruning): Pruning => (each.opened === old ? { ...each, opened } : each);
      const { past, present, future, before } = s.pruning;
      const pruning = { past: past.map(told), present: told(present), future: future.map(told), before: before && told(before) };
      return { opening: s.opening && { ...s.opening, ...opened }, pruning };
    }),
  fetchAddress: (address) => set({ address: address && withoutUser(address), offered: null, notice: '' }),
  offerAddress: (address) => (isElsewhere(address) ? set({ offered: withoutUser(address) }) : get().fetchAddress(address)),
  restore(hash) {
    const linked = readHash(hash);
    const { opening, openSettings, pruning } = get();
    const made: Pruning = { ...pruning.present, rule: { ...DEFAULT_RULE, ...linked.rule }, budget: linked.budget };
    set({
      openSettings: opening ? openSettings : { ...openSettings, ...linked.open },
      pruning: opening ? edit(pruning, made) : begin(made),
      target: linked.target,
      task: linked.task,
      node: linked.node,
      action: linked.action,
      rollout: linked.rollout,
      other: linked.other,
      filter: linked.filter,
      split: linked.split,
      settingsA: linked.settingsA,
      table: linked.table,
      list: linked.list,
      madeOn: linked.data,
      shape: linked.shape,
      colour: linked.colour,
      treeView: linked.treeView,
      sort: linked.sort,
    });
  },
  setPreset: (preset) =>
    set((s) => ({
      pruning: edit(s.pruning, { ...s.pruning.present, rule: presetRule(preset, s.pruning.present.rule), budget: preset.budget }),
      target: targetOfPreset(preset),
    })),
  takeSuggested: (preset) =>
    set(({ pruning }) => ({
      pruning: { ...pruning, present: { ...pruning.present, rule: presetRule(preset, pruning.present.rule) } },
    })),
  takePruning: ({ rule, budget }) => set((s) => ({ pruning: edit(s.pruning, { ...s.pruning.present, rule, budget }) })),
  close: () =>
    set((s) => ({
      ...(s.opening === null ? {} : { pruning: edit(leave(s), { ...s.pruning.present, opened: null, place: null }) }),
      opening: null,
      address: null,
      offered: null,
      notice: '',
      panel: null,
      ...NO_PLACE,
      target: s.target,
    })),
  setRule: (change) => set((s) => ({ pruning: edit(s.pruning, { ...s.pruning.present, rule: { ...s.pruning.present.rule, ...change } }) })),
  setBudget: (budget) => set((s) => ({ pruning: edit(s.pruning, { ...s.pruning.present, budget }) })),
  dragBudget: (budget) => set((s) => ({ pruning: preview(s.pruning, { ...s.pruning.present, budget }) })),
  commitBudget: () => set((s) => ({ pruning: commit(s.pruning) })),
  setNotes: (notes) => set((s) => ({ pruning: edit(s.pruning, { ...s.pruning.present, notes }) })),
  protectByHand(key, protection) {
    const others = get().pruning.present.rule.hand.filter((choice) => choice.key !== key);
    get().setRule({ hand: protection ? [...others, { key, protection }] : others });
  },
  undo: () => set((s) => went(s, undo(leave(s)))),
  redo: () => set((s) => went(s, redo(leave(s)))),
  selectTask: (task) => set({ task, node: null, action: null, rollout: null }),
  selectNode: (node) => set({ node }),
  select: (node) => set(get().treeView === 'actions' ? { action: node } : { node }),
  set: (change) => {
    if (change.theme) storeTheme(change.theme);
    set(change);
  },
}));

/** The history with where the person is now, for when they come back. */
function leave({ pruning, target, task, node, action, rollout, other, filter, split, settingsA, madeOn }: Choices): History<Pruning> {
  const place: Place = { target, task, node, action, rollout, other, filter, split, settingsA, madeOn };
  const { before } = pruning;
  return { ...pruning, present: { ...pruning.present, place }, before: before && { ...before, place } };
}

/** After a step back or forth: other files are opened where it leads to such, and with them the place that they were left at. */
function went(s: Choices, pruning: History<Pruning>): Partial<Choices> {
  const { opened, place } = pruning.present;
  const opening = steer(s.opening, opened, nextId);
  if (opening === s.opening) return { pruning };
  const isOther = opening?.id !== s.opening?.id;
  return {
    pruning,
    opening,
    openSettings: opened?.settings ?? s.openSettings,
    address: null,
    ...(isOther ? { ...(place ?? NO_PLACE), panel: null } : {}),
  };
}

/** What is selected in the tree that is drawn. */
export function selectedIn({ treeView, node, action }: Pick<Choices, 'treeView' | 'node' | 'action'>): NodeKey | null {
  return treeView === 'actions' ? action : node;
}

/** What the drawn tree is coloured by: the action tree has fewer statistics. */
export function colourIn({ treeView, colour }: Pick<Choices, 'treeView' | 'colour'>): ColourBy {
  return coloursOf(treeView).some(({ value }) => value === colour) ? colour : 'kind';
}

/** Some of the choices; renders again only when one of these changes, and not at every tick of a drag. */
export function usePicked<T>(pick: (choices: Choices) => T): T {
  return useChoices(useShallow(pick));
}

function urlOf(address: string): URL | null {
  return URL.canParse(address, location.href) ? new URL(address, location.href) : null;
}

/** An address that is none, or that nothing is fetched from, leads nowhere. */
function isElsewhere(address: string): boolean {
  const url = urlOf(address);
  if (url?.protocol === 'hf:') return true;
  return url !== null && /^https?:$/.test(url.protocol) && url.origin !== location.origin;
}

/** A name and password in an address are nobody's to send, to show or to keep. */
function withoutUser(address: string): string {
  const url = urlOf(address);
  if (!url || (url.username === '' && url.password === '')) return address;
  url.username = '';
  url.password = '';
  return url.href;
}

/** The handle that a preset is about. */
export function targetOfPreset({ budget }: Preset): Target {
  return budget.train < 1 ? 'train' : 'cut';
}

function storedTheme(): Theme {
  const stored = readStored(THEME_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function storeTheme(theme: Theme): void {
  keepStored(THEME_KEY, theme === 'system' ? null : theme);
}
