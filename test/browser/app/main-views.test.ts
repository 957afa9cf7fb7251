/** The views of the middle: each with a key of its own, and a word that names none shows the first. */
import { expect, it } from 'vitest';
import { FIRST_SHAPE } from '../../../src/app/state/looks.ts';
import { mainViewOf } from '../../../src/app/views/main/chosen.ts';
import { MAIN_VIEWS } from '../../../src/app/views/main/registry.ts';

it('names each view once, and gives it a key of its own', () => {
  for (const names of [MAIN_VIEWS.map(({ id }) => id), MAIN_VIEWS.map(({ key }) => key), MAIN_VIEWS.map(({ name }) => name)])
    expect(new Set(names).size).toBe(MAIN_VIEWS.length);
  expect(MAIN_VIEWS.map(({ key }) => key)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    't',
    'c',
    'r',
    'b',
    'v',
    'o',
    'u',
    'y',
    'q',
  ]);
});

it('shows the first view where the address names none', () => {
  expect(MAIN_VIEWS[0].id).toBe(FIRST_SHAPE);
  expect(mainViewOf('cube')).toBe(MAIN_VIEWS[0]);
  expect(mainViewOf('rollouts').label).toBe('Trajectories');
});
