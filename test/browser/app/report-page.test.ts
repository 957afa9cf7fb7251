/** A report's page: hostile texts stay texts, in every place where one can stand, and nothing in it runs or asks. */
import { expect, it } from 'vitest';
import { plotNode } from '../../../src/app/views/report/plot-node.ts';
import { reportPage as piecesOf } from '../../../src/app/views/report/report-page.ts';
import { ALL_SECRETS, secretsText, withoutSecrets } from '../../../src/app/views/report/report-secrets.ts';
import { shownBeginning } from '../../../src/app/views/report/report-transcript.ts';
import { section, type Report } from '../../../src/app/views/report/report.ts';
import { KIND } from '../../../src/core/model/kinds.ts';

const reportPage = (report: Report): string => [...piecesOf(report)].join('');

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'></style><svg onload=alert(1)>",
  '</title></textarea></pre><iframe srcdoc="<script>alert(1)</script>">',
  '&lt;b&gt; &amp; &#60;i&#62;',
  ']]><!--<p>-->',
];

const pixel = 'data:image/png;base64,iVBORw0KGgo=';

function hostileReport(text: string): Report {
  const plot = {
    name: 'svg',
    attributes: { viewBox: text, onload: 'alert(1)' },
    children: [{ name: 'text', attributes: {}, children: [text] }],
  };
  return {
    title: text,
    about: [text],
    colours: { light: { ink: '#123456', paper: `${text}}body{display:none` }, dark: { ink: '#abcdef', [text]: '#ffffff' } },
    sections: [
      section(text, {
        about: [text],
        tables: [
          {
            caption: text,
            columns: [
              { label: text, isNumber: false },
              { label: text, isNumber: true },
            ],
            rows: [[text, text]],
            rest: text,
          },
        ],
        code: { label: text, text },
        pictures: [
          { caption: text, alt: text, source: pixel, width: 2, height: 1 },
          { caption: 'not a PNG', alt: text, source: `${pixel}" onerror="alert(1)`, width: 2, height: 1 },
        ],
        plots: [
          {
            caption: text,
            about: text,
            pictures: [
              { alt: text, plot },
              { alt: text, plot: { name: 'script', attributes: {}, children: ['alert(1)'] } },
              { alt: text, plot: { name: 'svg', attributes: {}, children: [{ name: 'foreignObject', attributes: {}, children: [text] }] } },
            ],
          },
        ],
        transcripts: [
          {
            title: text,
            about: [text],
            rest: text,
            parts: [{ who: text, what: text, look: 'trained', fate: text, remarks: [text], text: `${text}\n\t${text}`, rest: text }],
          },
        ],
      }),
    ],
  };
}

it.each(HOSTILE)('leaves %s a text wherever it stands', (text) => {
  const parsed = new DOMParser().parseFromString(reportPage(hostileReport(text)), 'text/html');
  const names = new Set(Array.from(parsed.querySelectorAll('*'), ({ tagName }) => tagName.toLowerCase()));
  expect([...names].sort()).toEqual(
    (
      'a article b body caption div figcaption figure h1 h2 h3 h4 head html img li main meta nav p pre section small span style svg ' +
      'table tbody td text th thead title tr ul'
    ).split(' '),
  );
  for (const element of parsed.querySelectorAll('*'))
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on/);
      if (name === 'src') expect(value).toBe(pixel);
      if (name === 'href') expect(value).toBe('#part-1');
    }
  const textOf = (selector: string): string | undefined => parsed.querySelector(selector)?.textContent;
  for (const selector of [
    'title',
    'h1',
    'h2',
    'h3',
    'caption',
    'thead th',
    'tbody th',
    'td',
    'pre',
    'figcaption',
    'svg text',
    'nav a',
    '.part b',
  ])
    expect(textOf(selector), selector).toBe(text);
  expect(textOf('.said')).toBe(`${text}\n\t${text}`);
  expect(parsed.querySelector('img')?.alt).toBe(text);
  expect(parsed.querySelectorAll('img').length).toBe(1);
  expect(parsed.querySelector('svg')?.getAttribute('aria-label')).toBe(text);
  // Neither a colour nor its name gets out of its place.
  expect(textOf('style')).toContain('--ink:#123456');
  expect(textOf('style')).not.toContain('display:none');
  expect(textOf('style')).not.toContain('#ffffff');
});

it('forbids itself scripts and every address', () => {
  const parsed = new DOMParser().parseFromString(reportPage(hostileReport('a')), 'text/html');
  expect(parsed.querySelector('meta[http-equiv]')?.getAttribute('content')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  );
});

it('spells out what would steer the reading of a text', () => {
  const parsed = new DOMParser().parseFromString(reportPage({ ...hostileReport('a'), title: 'a\u202eb\nc' }), 'text/html');
  expect(parsed.querySelector('h1')?.textContent).toBe('a\\u202eb\\nc');
});

it('takes of a plot only what draws', () => {
  const host = document.createElement('div');
  host.innerHTML =
    '<svg class="plot" viewBox="0 0 9 9" onclick="x()" style="--hatch:url(#q)"><defs><pattern id="q">' +
    '<rect width="5" fill="var(--card)"/></pattern></defs><a href="x"><rect/></a>' +
    '<rect fill="var(--hatch)" tabindex="0"/><text x="1">five</text><script>x()</script></svg>';
  expect(plotNode(host.children[0]!, 'hatch-1')).toEqual({
    name: 'svg',
    attributes: { viewBox: '0 0 9 9' },
    children: [
      {
        name: 'defs',
        attributes: {},
        children: [
          {
            name: 'pattern',
            attributes: { id: 'hatch-1' },
            children: [{ name: 'rect', attributes: { width: '5', fill: 'var(--card)' }, children: [] }],
          },
        ],
      },
      { name: 'rect', attributes: { fill: 'url(#hatch-1)' }, children: [] },
      { name: 'text', attributes: { x: '1' }, children: ['five'] },
    ],
  });
});

it('counts and replaces secrets in every text, and the same one alike', async () => {
  const checked = await withoutSecrets(hostileReport('ann@orchard.org'), () => Promise.resolve(), ALL_SECRETS);
  const page = reportPage(checked.report);
  expect(page).not.toContain('ann@orchard.org');
  expect(page).toContain('[e-mail address 1]');
  expect(page).not.toContain('[e-mail address 2]');
  expect(page).toContain(pixel);
  const before = checked.found()[0]?.times ?? 0;
  expect(checked.textOf('by ann@orchard.org')).toBe('by [e-mail address 1]');
  expect(checked.found()).toEqual([{ label: 'e-mail address', times: before + 1 }]);
  expect(secretsText([{ label: 'e-mail address', times: 1200 }])).toBe('1,200 secrets: 1,200 × e-mail address');
  expect(secretsText([])).toBe('no secrets');
});

it('never ends a text within a secret', () => {
  // A result shows 1,200 characters.
  const secret = 'ann@orchard.org';
  const text = `${'x'.repeat(1190)} ${secret} ${'y'.repeat(2000)}`;
  expect(shownBeginning(text, KIND.result)).toBe(`${'x'.repeat(1190)} `);
  expect(shownBeginning('short', KIND.result)).toBe('short');
});
