/** The stochastic policy: for a task and a state, a weighted list of whole utterances. No randomness lives here. */
import { calculate } from './calculator.mjs';
import { CALCULATE, FINISH, GUESSED, IMPOSSIBLE, NOTE, PHRASES, READ, RECALL, REPAIR, SEARCH, TEXTS, TOPICS } from './phrases.mjs';
import { sharpen } from './mixture.mjs';
import { fill } from './state.mjs';
import { utteranceTokens } from './template.mjs';

/**
 * @typedef {import('./mixture.mjs').Candidate} Candidate
 * @typedef {import('./template.mjs').Call} Call
 * @typedef {import('./tasks.mjs').Task} Task
 * @typedef {import('./state.mjs').State} State
 * @typedef {readonly [string, number]} Weighted
 * @typedef {{ calls: Call[], text?: string, weight: number, words: Record<string, string> }} Action
 * @typedef {(weight: number, thoughts: readonly Weighted[], texts: readonly Weighted[], actions: readonly Action[]) => void} Offer
 */

/** @type {(template: string, words: Record<string, string>) => string} */
const say = (template, words) => template.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
/** @type {(name: string, args: Record<string, string>) => Call} */
const call = (name, args) => ({ name, arguments: args });

/**
 * Offers every search that would show a document which is still to be found.
 * @param {State} state
 * @param {string[]} hidden
 * @param {number} weight
 * @param {Offer} offer
 */
function offerSearches(state, hidden, weight, offer) {
  const share = [1, 0.35, 0.15, 0.08];
  const again = Math.min(state.searches, 2);
  hidden.slice(0, 4).forEach((id, place) => {
    const { topic, queries } = TOPICS[id];
    // A search that has failed to show the document is not tried first again.
    const actions = queries.map((query, i) => ({
      calls: [call('search', { query })],
      weight: 1 / (1 + Math.abs(i - again)) ** 2,
      words: { topic },
    }));
    const other = hidden[place + 1];
    if (place === 0 && other !== undefined) {
      const second = TOPICS[other].queries[again % TOPICS[other].queries.length];
      actions.push({
        calls: [call('search', { query: queries[again % queries.length] }), call('search', { query: second })],
        weight: 0.6 * hidden.length,
        words: { topic },
      });
    }
    offer(weight * share[place], state.failed ? REPAIR : SEARCH, TEXTS.search, actions);
  });
}

/** @type {(document: string, weight: number) => Action} */
const read = (document, weight) => ({
  calls: [call('read', { document })],
  weight,
  words: { topic: TOPICS[document]?.topic ?? 'the figures', document },
});

/**
 * Offers reading documents that a search has shown: the right ones, an outdated one, two at once.
 * @param {Task} task
 * @param {State} state
 * @param {string[]} visible
 * @param {string[]} hidden
 * @param {number} weight
 * @param {Offer} offer
 */
function offerReads(task, state, visible, hidden, weight, offer) {
  /** @type {Action[]} */
  const actions = [];
  visible.forEach((id, place) => {
    actions.push(read(id, place === 0 ? 1 : 0.25));
    const decoy = task.decoys[id];
    if (decoy !== undefined && state.seen.includes(decoy) && !state.read.includes(decoy)) actions.push(read(decoy, task.slips.decoy));
    if (place === 0 && visible.length > 1)
      actions.push({
        ...read(id, 0.8 * task.needs.length),
        calls: [call('read', { document: id }), call('read', { document: visible[1] })],
      });
  });
  if (hidden.length > 0) {
    const [query] = TOPICS[hidden[0]].queries;
    actions.push({
      ...read(visible[0], 0.4 * task.needs.length),
      calls: [call('read', { document: visible[0] }), call('search', { query })],
    });
  }
  offer(weight, state.failed ? REPAIR : READ, TEXTS.read, actions);
}

/**
 * Offers the calculator for the next sum: right, wrong and malformed expressions, and the whole at once.
 * @param {Task} task
 * @param {State} state
 * @param {number} weight
 * @param {Offer} offer
 */
function offerSums(task, state, weight, offer) {
  const sum = task.sums.find(({ name }) => state.values[name] === undefined);
  if (sum === undefined) return;
  /** @type {Action[]} */
  const actions = [];
  /** @type {(templates: string[], weight: number) => void} */
  const add = (templates, total) => {
    for (const [i, template] of templates.entries()) {
      const expression = fill(template, state);
      if (expression !== null && total > 0)
        actions.push({ calls: [call('calculator', { expression })], weight: total / (1 + i), words: { label: sum.label, expression } });
    }
  };
  const next = task.sums.find((other) => other !== sum && state.values[other.name] === undefined && fill(other.right[0], state) !== null);
  const both = next && [fill(sum.right[0], state), fill(next.right[0], state)];
  if (both)
    actions.push({
      calls: both.map((expression) => call('calculator', { expression: expression ?? '' })),
      weight: 0.8,
      words: { label: sum.label, expression: both[0] ?? '' },
    });
  const calm = state.failed === 'calculator' ? 0.2 : 1;
  add(sum.right, 1);
  add(sum.wrong, task.slips.wrong * calm);
  add(sum.bad, task.slips.bad * calm);
  if (sum === task.sums[0]) add(task.shortcuts, 0.5 * task.needs.length);
  offer(weight, state.failed ? REPAIR : CALCULATE, TEXTS.calculate, actions);
}

/**
 * Offers final answers with `value`, with and without the answer line.
 * @param {Task} task
 * @param {Weighted[]} values
 * @param {number} weight
 * @param {readonly Weighted[]} thoughts
 * @param {Offer} offer
 */
function offerAnswers(task, values, weight, thoughts, offer) {
  /** @type {Action[]} */
  const actions = [];
  for (const [value, share] of values) {
    const words = { value, unit: task.unit, label: task.sums[task.sums.length - 1]?.label ?? 'the price' };
    for (const [text, w] of PHRASES.answer) actions.push({ calls: [], text: say(text, words), weight: share * w, words });
    for (const [text, w] of PHRASES.informal)
      if (task.slips.informal > 0) actions.push({ calls: [], text: say(text, words), weight: share * w * task.slips.informal, words });
  }
  offer(weight, thoughts, [['', 1]], actions);
}

/** @type {(value: number) => string} */
const figure = (value) => String(Math.round(value * 1e6) / 1e6);

/**
 * The value at the end of the chain of sums, right at every step that is still open; NaN where facts are missing.
 * @param {Task} task
 * @param {State} state
 */
function finish(task, state) {
  const open = { ...state, values: { ...state.values } };
  for (const { name, right } of task.sums) {
    if (open.values[name] !== undefined) continue;
    const expression = fill(right[0], open);
    const result = expression === null ? null : calculate(expression);
    if (result === null || !result.ok) return Number.NaN;
    open.values[name] = result.value;
  }
  return open.values[task.sums[task.sums.length - 1].name];
}

/**
 * Offers for a task whose answer is in no document.
 * @param {State} state
 * @param {Offer} offer
 * @param {Task} task
 */
function offerHopeless(state, offer, task) {
  const { topic, queries } = IMPOSSIBLE;
  offer(
    1 / (1 + state.searches),
    state.failed ? REPAIR : SEARCH,
    TEXTS.search,
    queries.map((query, i) => ({ calls: [call('search', { query })], weight: 1 / (1 + Math.abs(i - state.searches)), words: { topic } })),
  );
  const unread = state.seen.filter((id) => !state.read.includes(id)).slice(0, 3);
  if (unread.length > 0)
    offer(
      0.7,
      state.failed ? REPAIR : READ,
      TEXTS.read,
      unread.map((document, i) => ({ calls: [call('read', { document })], weight: 1 / (1 + i), words: { topic, document } })),
    );
  offer(
    0.12,
    READ,
    TEXTS.read,
    IMPOSSIBLE.guesses.map((document) => ({ calls: [call('read', { document })], weight: 1, words: { topic, document } })),
  );
  if (state.turns > 1)
    offerAnswers(
      task,
      IMPOSSIBLE.values.map((value, i) => [value, 1 / (1 + i)]),
      task.slips.quit * state.turns,
      FINISH.quit,
      offer,
    );
}

/**
 * The policy's utterances in a state, each with its weight and tokens. Version 41 is the sharpened one.
 * @param {Task} task
 * @param {State} state
 * @param {number} version
 * @returns {Candidate[]}
 */
export function candidates(task, state, version) {
  /** @type {Candidate[]} */
  const list = [];
  /** @type {Offer} */
  const offer = (weight, thoughts, texts, actions) => {
    let total = 0;
    for (const [, a] of thoughts) for (const [, b] of texts) for (const action of actions) total += a * b * action.weight;
    if (weight <= 0 || total <= 0) return;
    for (const [thought, a] of thoughts) {
      for (const [text, b] of texts) {
        for (const action of actions) {
          const utterance = { thinking: say(thought, action.words), text: action.text ?? say(text, action.words), calls: action.calls };
          const share = (weight * a * b * action.weight) / total;
          const w = task.routine ? share * share * share : share;
          if (w > 0) list.push({ ids: utteranceTokens(utterance), weight: version >= 41 ? sharpen(w) : w, utterance });
        }
      }
    }
  };

  if (task.needs.length === 0) {
    offerHopeless(state, offer, task);
    return list;
  }
  const { slips } = task;
  const outdated = task.needs.filter((id) => !state.read.includes(id) && state.read.includes(task.decoys[id]));
  const missing = task.needs.filter((id) => !state.read.includes(id) && !outdated.includes(id));
  const visible = missing.filter((id) => state.seen.includes(id));
  const hidden = missing.filter((id) => !state.seen.includes(id));

  if (hidden.length > 0) offerSearches(state, hidden, visible.length > 0 ? 0.15 : 1, offer);
  if (visible.length > 0) offerReads(task, state, visible, hidden, 1, offer);
  if (outdated.length > 0) offerReads(task, state, outdated, [], 0.6, offer);
  if (missing.length > 0 && slips.guess > 0) {
    offer(
      slips.guess,
      READ,
      TEXTS.read,
      GUESSED[missing[0]].map((document) => ({
        calls: [call('read', { document })],
        weight: 1,
        words: { topic: TOPICS[missing[0]].topic, document },
      })),
    );
  }
  const last = task.sums[task.sums.length - 1].name;
  const known = state.values[last];
  if (slips.note > 0 && state.read.length > 0 && known === undefined) {
    const id = state.read[state.read.length - 1];
    const key = TOPICS[id]?.note ?? id;
    const value = Object.entries(state.facts)
      .slice(-3)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ');
    if (!state.notes.includes(key) && value !== '')
      offer(slips.note, NOTE, TEXTS.note, [{ calls: [call('memory_write', { key, value })], weight: 1, words: { key } }]);
  }
  if (state.notes.length > 0 && !state.recalled && missing.length === 0) {
    const key = state.notes[0];
    offer(state.compacted ? 0.8 : 0.15, RECALL, TEXTS.note, [
      { calls: [call('memory_read', { key })], weight: 1, words: { key } },
      { calls: [call('memory_read', { key: `${key} figures` })], weight: 0.12, words: { key } },
    ]);
  }
  if (missing.length === 0 && known === undefined) {
    offerSums(task, state, 1, offer);
    const value = finish(task, state);
    if (slips.mental > 0 && Number.isFinite(value)) {
      const rounded = task.rounding === 'up' ? Math.ceil(value) : value;
      offerAnswers(
        task,
        [
          [figure(rounded), 1],
          [figure(rounded + 10), 0.7],
          [figure(Math.round(rounded * 0.9)), 0.5],
        ],
        slips.mental,
        FINISH.mental,
        offer,
      );
    }
  }
  if (known !== undefined) {
    /** @type {Weighted[]} */
    const values =
      task.rounding === 'up'
        ? [
            [figure(Math.ceil(known)), 1],
            [figure(Math.floor(known)), 0.35],
            [figure(known), 0.2],
          ]
        : [[figure(known), 1]];
    offerAnswers(task, values, 1, FINISH.sure, offer);
  }
  if (slips.quit > 0 && known === undefined && state.turns > 1) {
    offerAnswers(
      task,
      [
        ['100', 1],
        ['0', 0.5],
      ],
      slips.quit * (state.failed ? 2 : 1),
      FINISH.quit,
      offer,
    );
  }
  return list;
}
