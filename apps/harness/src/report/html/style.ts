/** The page's only style sheet. Colours are never the only sign: every state has its word and its mark too. */
export const style: string = `
:root { color-scheme: light dark; --bg: #fff; --soft: #f3f5f7; --text: #16191d; --dim: #56606b; --line: #d3d9df;
  --held: #116b34; --broke: #b3141c; --broke-bg: #fde8e8; --other: #6a4a00; --link: #0b57b0; --one: #2f6fdb; --two: #c2571a; --three: #8a3fb5; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171a; --soft: #1e2328; --text: #e7eaee; --dim: #a3adb8; --line: #363d45;
  --held: #6bd48f; --broke: #ff8f8f; --broke-bg: #4a1a1d; --other: #e3bd68; --link: #86b8ff; --one: #6aa3ff; --two: #ff9d5c; --three: #cb92ee; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--bg); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3, h4 { font-size: 1rem; margin: 1rem 0 .25rem; } h4 { font-size: .9375rem; margin-top: .75rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .5rem 0; }
nav a { display: inline-block; padding: .25rem 0; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
.dim { color: var(--dim); } .small { font-size: .875rem; }
.verdict { font-weight: 600; padding: .5rem .75rem; border-radius: .375rem; background: var(--soft); border-left: .375rem solid var(--held); }
.verdict.bad { border-color: var(--broke); background: var(--broke-bg); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .125rem .75rem; margin: .5rem 0; }
dl.facts dt { color: var(--dim); } dl.facts dd { margin: 0; min-width: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .375rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; padding: .375rem .5rem; color: var(--dim); }
th, td { padding: .25rem .5rem; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-top: 0; background: var(--soft); white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.matrix td { text-align: center; white-space: nowrap; }
.matrix thead th:not(:first-child) { text-align: center; }
.matrix th:first-child { position: sticky; left: 0; background: var(--bg); font-weight: 400; min-width: 9rem; }
.claim { display: none; }
@media (min-width: 60rem) { .matrix th:first-child { width: 62%; } .claim { display: inline; } }
.matrix thead th:first-child { background: var(--soft); }
.o-held { color: var(--held); } .o-broke, .o-missing { color: var(--broke); background: var(--broke-bg); font-weight: 700; }
.o-waived, .o-skipped { color: var(--other); } .o-not { color: var(--dim); }
.matrix, .latency { position: relative; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: .375rem; margin: .375rem 0; }
summary { cursor: pointer; padding: .5rem .75rem; background: var(--soft); border-radius: .375rem; }
details > .flush { margin: 0; border: 0; }
details:target > summary { box-shadow: inset .25rem 0 var(--link); }
.counts { float: right; font-weight: 400; }
code, pre { font-family: ui-monospace, monospace; font-size: .8125rem; }
pre { background: var(--soft); padding: .5rem; border-radius: .25rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; }
.bar { display: block; height: .75rem; min-width: 2px; border-radius: 2px; background: var(--one); }
.bar.software { background: var(--two); } .bar.redone { background: var(--three); }
.track { min-width: 6rem; width: 45%; }
.lane { margin: .5rem 0; } .lane p { margin: 0 0 .125rem; }
.lane svg { display: block; width: 100%; height: 5rem; background: var(--soft); border: 1px solid var(--line); }
.lane svg.band { height: 1.25rem; }
.one { fill: var(--one); } .two { fill: var(--two); } .three { fill: var(--three); } .held { fill: var(--held); } .broke { fill: var(--broke); }
.key { display: inline-block; width: .75rem; height: .75rem; margin-right: .25rem; border-radius: 2px; }
.k-one { background: var(--one); } .k-two { background: var(--two); } .k-three { background: var(--three); } .k-held { background: var(--held); } .k-broke { background: var(--broke); }
.k-none { background: var(--soft); border: 1px solid var(--line); }
.mark { stroke: var(--text); stroke-width: 1; stroke-dasharray: 3 3; vector-effect: non-scaling-stroke; }
.numbers { position: relative; height: 1.25rem; font-size: .8125rem; } .numbers span { position: absolute; transform: translateX(-50%); }
.numbers span:first-child { transform: none; }
.axis { display: flex; justify-content: space-between; }
.range { fill: var(--one); } .tick { fill: var(--text); }
.latency svg { display: block; width: 100%; min-width: 8rem; height: 1rem; }
details > :not(summary, .flush) { margin-left: .75rem; margin-right: .75rem; }
@media (max-width: 40rem) { body { padding: .625rem; } th, td { padding: .25rem .375rem; } .counts { float: none; display: block; }
  .matrix th:first-child { min-width: 8.5rem; max-width: 8.5rem; font-size: .8125rem; } .track { min-width: 4rem; } }
`
