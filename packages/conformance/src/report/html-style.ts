/** The console's tokens, both themes, and the few parts a report needs. Works at the width of a phone and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --bg: #f5f6f8; --surface: #ffffff; --sunken: #eef1f4; --line: #dde2e8; --line-strong: #818b97;
  --text: #182029; --dim: #525d6a; --accent: #0b5cad; --bad: #bd2323; --bad-bg: #fdf0ef; --warn: #8f5400; --warn-bg: #fdf4e3;
  --ok: #17692b; --ok-bg: #e9f6ec; }
@media (prefers-color-scheme: dark) { :root { --bg: #12161b; --surface: #191e25; --sunken: #20262f; --line: #2f3742; --line-strong: #7c8794;
  --text: #e7ebf0; --dim: #a5b0bd; --accent: #82bcff; --bad: #ff8b86; --bad-bg: #321c1f; --warn: #f2b75c; --warn-bg: #352a17;
  --ok: #5ed27d; --ok-bg: #17301f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 14px/20px -apple-system, "Segoe UI", Inter, Roboto, "Helvetica Neue", Arial, system-ui, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 1100px; margin: 0 auto; padding: 16px 20px; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 4px; }
h2 { font-size: 16px; line-height: 23px; font-weight: 600; margin: 24px 0 8px; }
h3 { display: inline; font-size: 14px; line-height: 20px; font-weight: 600; margin: 0; }
h4 { font-size: 13px; line-height: 18px; font-weight: 600; margin: 12px 0 4px; }
p { margin: 0 0 4px; } a { color: var(--accent); } a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.dim { color: var(--dim); } .mono, pre { font: 12px/18px ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: 0; white-space: pre-wrap; }
.verdict { border-left: 3px solid var(--ok); background: var(--ok-bg); padding: 8px 12px; font-size: 16px; line-height: 23px; }
.verdict.fail { border-color: var(--bad); background: var(--bad-bg); } .verdict.inconclusive { border-color: var(--warn); background: var(--warn-bg); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 8px 16px; margin: 12px 0; }
dl.facts dt { color: var(--dim); font-size: 12px; line-height: 16px; } dl.facts dd { margin: 0; font-size: 16px; line-height: 23px; font-weight: 600; }
.case { background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; margin: 0 0 8px; }
.case.fail { border-left: 3px solid var(--bad); } .case.inconclusive { border-left: 3px solid var(--warn); }
summary { cursor: pointer; }
.word { font-weight: 600; } .word.pass { color: var(--ok); } .word.fail { color: var(--bad); } .word.inconclusive { color: var(--warn); } .word.notApplicable { color: var(--dim); }
table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 18px; }
th { text-align: left; font-weight: 500; color: var(--dim); font-size: 12px; } th, td { padding: 4px 8px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.r, th.r { text-align: right; white-space: nowrap; }
ul { margin: 0; padding: 0 0 0 18px; }
ol.trace { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
ol.trace li { display: grid; grid-template-columns: 72px 1fr 1fr; gap: 0 8px; padding: 4px 0; border-bottom: 1px solid var(--line); }
ol.trace time { color: var(--dim); font-size: 12px; text-align: right; }
ol.trace .say { grid-column: 2 / 4; margin-right: 20%; border-left: 2px solid var(--accent); padding: 0 8px; min-width: 0; }
ol.trace .sut .say { margin: 0 0 0 20%; border-left: 0; border-right: 2px solid var(--line-strong); }
ol.trace li.wrong { background: var(--bad-bg); } ol.trace .why { color: var(--bad); font-weight: 600; }
@media (max-width: 640px) { main { padding: 12px; } ol.trace li { grid-template-columns: 1fr; } ol.trace time { text-align: left; }
  ol.trace .say { grid-column: 1; margin-right: 8%; } ol.trace .sut .say { margin-left: 8%; } summary { padding: 8px 0; }
  table.told, table.told tbody, table.told tr, table.told td { display: block; } table.told thead { display: none; } table.told td { border: 0; padding: 0; }
  table.told tr { border-bottom: 1px solid var(--line); padding: 4px 0; } }
@media print { body { background: none; } .case { break-inside: avoid; } }
`;
