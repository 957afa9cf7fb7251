/** The style of a report: the reader's own faces, and colours that hold in light and dark. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1d2521;--dim:#5a6660;--line:#d5dcd8;--paper:#fbfcfb;
--c0:#0b6e4f;--c1:#c2410c;--c2:#1d4ed8;--c3:#9d174d;--c4:#6d28d9;--c5:#a16207;--c6:#0e7490;--c7:#4d7c0f;--c8:#b91c1c;--c9:#525b56}
@media (prefers-color-scheme:dark){:root{--ink:#e6ece8;--dim:#a3afa8;--line:#37413c;--paper:#141917;
--c0:#4ade80;--c1:#fb923c;--c2:#93c5fd;--c3:#f9a8d4;--c4:#c4b5fd;--c5:#facc15;--c6:#67e8f9;--c7:#bef264;--c8:#fca5a5;--c9:#a8b3ad}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 16px}h1{font-size:24px;margin:0 0 12px}h2{font-size:19px;margin:32px 0 4px}
p{max-width:80ch;margin:0 0 8px;color:var(--dim);overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:24px;margin:16px 0}
figure{margin:0}figcaption{font-weight:600;margin-bottom:4px}figure>svg{width:100%;height:auto;display:block}
svg text{fill:var(--dim);font-size:11px}svg .grid{stroke:var(--line)}
svg polyline,svg line[class^=c]{fill:none;stroke-width:2}svg polygon{opacity:.14;stroke:none}
${Array.from({ length: 10 }, (_, c) => `svg .c${c}{stroke:var(--c${c})}svg polygon.c${c},svg circle.c${c}{fill:var(--c${c})}`).join('')}
svg polygon[class]{stroke:none}.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:6px 0 0;padding:0;font-size:13px}
.legend li{display:flex;align-items:center;gap:6px}.legend svg{width:24px;height:8px}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
caption{text-align:left;font-weight:600;padding:8px 0}
th,td{padding:4px 10px;border-top:1px solid var(--line);text-align:right;vertical-align:top}
thead th{border-top:0}th[scope=rowgroup],thead th:first-child{text-align:left;max-width:30ch}
small{display:block;color:var(--dim);font-weight:400;font-size:12px}
`;
