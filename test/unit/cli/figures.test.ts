import { expect, it } from 'vitest';
import { atLeastText, bytesText, counted, shareText } from '../../../src/cli/text/figures.ts';
import { honestPercent } from '../../../src/app/text/format.ts';

it('rounds a bound down and a share to the nearest', () => {
  expect([0.63562, 0.9999, 1, 0.0004, 0].map(atLeastText)).toEqual(['63.5 %', '99.9 %', '100.0 %', '< 0.1 %', '0.0 %']);
  expect(shareText(0.63562)).toBe('63.6 %');
});

it('says a bound as the page says it', () => {
  for (let i = 0; i <= 3000; i++) expect(atLeastText(i / 3000)).toBe(honestPercent(i / 3000).replaceAll('\u202f', ' '));
});

it('counts and measures with units', () => {
  expect([counted(1, 'task'), counted(2560, 'task'), counted(3, 'trajectory', 'trajectories')]).toEqual([
    '1 task',
    '2,560 tasks',
    '3 trajectories',
  ]);
  expect([bytesText(931), bytesText(3280), bytesText(155_198), bytesText(999_960)]).toEqual(['931 B', '3.28 kB', '155.2 kB', '1.00 MB']);
});
