/** The style of a saved report: the page's own colours in both themes, as the reader's system has it, and marks that need no colour. */
import type { Colours } from './report.ts';

/** Names of the page's style that a report or a plot in it uses. */
export const COLOUR_NAMES = (
  'paper card sunk line line2 edge ink ink2 ink3 leaf leaf-soft cut cut-soft focus good bad result ' +
  'k-context k-text k-think k-call k-result k-memory k-error'
).split(' ');

const COLOUR = /^[#\w\s.,%()/-]+$/;

function colourList(colours: Colours): string {
  return Object.entries(colours)
    .filter(([name, value]) => COLOUR_NAMES.includes(name) && COLOUR.test(value))
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

export function reportStyle({ light, dark }: { readonly light: Colours; readonly dark: Colours }): string {
  return `:root{color-scheme:light dark;${colourList(light)}}
@media (prefers-color-scheme:dark){:root{${colourList(dark)}}}
${RULES}`;
}

const RULES = `*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:24px;line-height:1.25;margin:0 0 8px}h2{font-size:17px;margin:0 0 8px}h3{font-size:14px;margin:0 0 4px}
p{margin:0 0 6px;max-width:84ch;color:var(--ink2)}
nav{margin-top:12px}nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none}
a{color:var(--leaf)}a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
main>section{margin-top:32px;padding-top:20px;border-top:1px solid var(--line)}
.wide{overflow-x:auto;margin:10px 0 4px;border:1px solid var(--line);border-radius:5px;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
caption{padding:8px 12px;text-align:left;font-weight:600}
th,td{padding:4px 12px;border-top:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--ink2);font-size:12px;white-space:nowrap}
tbody th{min-width:12ch}
td{max-width:44ch}.number{text-align:right;white-space:nowrap}
pre{margin:10px 0;padding:10px 12px;border:1px solid var(--line);border-radius:5px;background:var(--card);
font:12px/1.5 ui-monospace,monospace;white-space:pre-wrap}
figure{margin:12px 0;padding:12px;border:1px solid var(--line);border-radius:5px;background:var(--card)}
figcaption{margin-bottom:8px;font-weight:600}figcaption small{display:block;font-weight:400;color:var(--ink2);font-size:12px}
img,figure>svg{display:block;max-width:100%;height:auto}figure>svg{overflow:visible}svg text{font-family:system-ui,sans-serif}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:12px;align-items:start;
margin-top:12px}.plots figure{margin:0}
.key{display:flex;flex-wrap:wrap;gap:6px 20px;margin:0 0 12px;padding:0;list-style:none;font-size:12px;color:var(--ink2)}
.key li{padding-left:10px}
article{margin-top:24px}
.part{margin:0 0 8px;padding:4px 0 6px 12px}
.part>h4{display:flex;flex-wrap:wrap;gap:2px 12px;margin:0;font-size:12px;font-weight:400;color:var(--ink2)}
.part b{font-weight:600;color:var(--ink)}.part .said{margin:2px 0 0;white-space:pre-wrap;font:12.5px/1.5 ui-monospace,monospace}
.part p{font-size:12px;margin:2px 0 0}
.trained{border-left:5px solid var(--leaf)}.untrained{border-left:5px dotted var(--ink3)}.context{border-left:1px solid var(--edge)}
.cut{border-left:5px double var(--cut)}.cut .said{color:var(--ink2)}.unknown{border-left:1px dashed var(--edge)}
@media (max-width:560px){main{padding:18px 12px 32px}th,td{padding:4px 8px}tbody th{min-width:9ch}}
@media print{main{max-width:none}.wide{overflow:visible}}`;
