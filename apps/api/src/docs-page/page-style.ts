/** The style of the page: readable on a phone, in the light and in the dark. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f6f7f9;--ink:#1c2330;--faint:#5b6472;--line:#dde1e7;--link:#0b5cad;
--get:#0b6b3a;--post:#0b5cad;--put:#8a5200;--delete:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--panel:#1c2128;--ink:#e4e8ee;--faint:#9aa4b2;--line:#323a45;
--link:#7db7f5;--get:#6fd39b;--post:#7db7f5;--put:#f0b45a;--delete:#ff8a80}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0}
h2{font-size:1.3rem;margin:2.5rem 0 .25rem}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
p{margin:.6rem 0;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
.faint,.access,summary span{color:var(--faint)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1.25rem 0 0;padding:0}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;background:var(--panel)}
details>:not(summary){margin-left:1rem;margin-right:1rem}
summary{display:flex;flex-wrap:wrap;gap:.1rem .75rem;align-items:baseline;padding:.6rem 1rem;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary code{overflow-wrap:anywhere;font-weight:600}
summary b{min-width:4.2rem;font-size:.8rem;letter-spacing:.03em;color:var(--post)}
summary .get,summary .head{color:var(--get)}
summary .put,summary .patch{color:var(--put)}
summary .delete{color:var(--delete)}
.table{overflow-x:auto;margin-top:.75rem;margin-bottom:.75rem}
table{border-collapse:collapse;width:100%;font-size:.925rem}
th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--faint);font-size:.8rem}
tbody th{white-space:nowrap}
td:last-child{min-width:12rem;overflow-wrap:anywhere}
pre{overflow-x:auto;padding:.75rem;border:1px solid var(--line);border-radius:.4rem;background:var(--ground)}
@media (max-width:40rem){thead th:not(:first-child){display:none}tr,tbody th,td{display:block}
tbody tr{padding:.4rem 0;border-bottom:1px solid var(--line)}tbody th,td{border:0;padding:0}thead tr{display:flex}}
@media print{details{break-inside:avoid}}
`;
