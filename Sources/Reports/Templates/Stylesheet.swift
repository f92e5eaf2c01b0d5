/// The style of every page: two column widths, three colour schemes, no image and no font to load.
///
/// Series colours are told apart by people with any common colour-vision deficiency (after Okabe and Ito, "Color
/// Universal Design", 2008) and differ in hatching or dashes as well.
enum Stylesheet {
    static let css = ##"""
        :root{color-scheme:light dark;--bg:#f6f5f2;--surface:#fff;--ink:#1d2126;--muted:#59616b;--line:#e2e0da;--rule:#ecebe6;--accent:#0a5a8a;--good:#17683d;--bad:#a1301a;--warn:#7a5200;--alert-bg:#fbeae6;--warn-bg:#fbf1dc;--c1:#0b6aa8;--c2:#c8591b;--c3:#0f8468;--c4:#8a4d9c;--c5:#9a7a00;--c6:#77818c;--hatch:rgba(255,255,255,.62);--band:rgba(11,106,168,.13);--shade:rgba(120,110,80,.09)}
        @media (prefers-color-scheme:dark){:root{--bg:#14171a;--surface:#1c2024;--ink:#e8eaec;--muted:#a5adb6;--line:#31373d;--rule:#292e33;--accent:#7cbcec;--good:#6fcf97;--bad:#ff9a85;--warn:#f0c063;--alert-bg:#3a211c;--warn-bg:#352a14;--c1:#5ea9e0;--c2:#e98b50;--c3:#4dbd9d;--c4:#c08ad1;--c5:#d3b23c;--c6:#8f99a4;--hatch:rgba(20,23,26,.6);--band:rgba(94,169,224,.2);--shade:rgba(255,255,255,.05)}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:4rem}
        body{margin:0;background:var(--bg);color:var(--ink);font:400 1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
        .wrap{max-width:76rem;margin:0 auto;padding:0 1.25rem}
        a{color:var(--accent);text-underline-offset:.15em}
        a:focus-visible,summary:focus-visible,[tabindex="0"]:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
        main:focus{outline:none}
        .skip{position:absolute;left:-99rem;top:0;background:var(--surface);padding:.6rem 1rem;z-index:9}.skip:focus{left:.5rem}
        .defs{position:absolute}
        .top{padding:2rem 0 1.1rem}
        .brand{margin:0;color:var(--muted);font-size:.9rem;letter-spacing:.01em}.brand a{color:inherit}
        h1{font-size:clamp(1.6rem,1.2rem + 1.6vw,2.25rem);line-height:1.15;margin:.15rem 0;font-weight:650;letter-spacing:-.015em}
        .period{margin:0;font-size:1.1rem}
        .facts{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;margin:.9rem 0 0;font-size:.85rem;color:var(--muted)}.facts div{display:flex;gap:.4rem}.facts dt::after{content:":"}.facts dd{margin:0;color:var(--ink)}
        .pages{position:sticky;top:0;z-index:5;background:var(--bg);border-bottom:1px solid var(--line)}
        .pages ul{display:flex;gap:.15rem;overflow-x:auto;list-style:none;margin-block:0;padding-block:.25rem;scrollbar-width:thin}
        .pages a{display:block;padding:.45rem .7rem;border-radius:6px;white-space:nowrap;text-decoration:none;color:var(--muted);font-size:.93rem}
        .pages a:hover{color:var(--ink);text-decoration:underline}
        .pages a[aria-current]{color:var(--ink);font-weight:650;box-shadow:inset 0 -2px 0 var(--accent);border-radius:0}
        main.wrap{padding-block:1.75rem 3rem}
        section{margin-block:0 2.75rem}
        h2{font-size:1.3rem;line-height:1.25;font-weight:650;margin:0 0 .9rem;letter-spacing:-.01em}
        h3{font-size:1rem;font-weight:620;margin:0;line-height:1.35}
        .lead{font-size:clamp(1.1rem,1rem + .5vw,1.35rem);line-height:1.5;margin:.25rem 0 2rem;max-width:52rem;text-wrap:pretty}
        .note{color:var(--muted);max-width:52rem;margin:.1rem 0 1.75rem}
        .calm{margin:0;padding:1rem 1.15rem;background:var(--surface);border:1px solid var(--line);border-radius:10px;color:var(--muted)}
        .attention ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
        .attention li{display:grid;grid-template-columns:auto 1fr;gap:.1rem .9rem;align-items:baseline;padding:.75rem 1rem;background:var(--surface);border:1px solid var(--line);border-left-width:4px;border-radius:8px;overflow-wrap:anywhere}
        .attention li p{margin:0;max-width:64rem}
        .attention li.alert{border-left-color:var(--bad)}.attention li.warning{border-left-color:var(--warn)}
        .badge{font-size:.78rem;font-weight:650;padding:.1rem .5rem;border-radius:4px;white-space:nowrap}
        .alert>.badge{background:var(--alert-bg);color:var(--bad)}.warning>.badge{background:var(--warn-bg);color:var(--warn)}
        .tiles{list-style:none;margin:0;padding:0;display:grid;gap:.9rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
        .tile{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1rem 1.15rem;display:flex;flex-direction:column;gap:.35rem;min-width:0}
        .tile h3{font-weight:500;color:var(--muted);font-size:.95rem}
        .number{margin:0;font-size:1.85rem;line-height:1.15;font-weight:650;letter-spacing:-.02em}.number small{font-size:.85rem;font-weight:400;color:var(--muted);letter-spacing:0}.number.absent{color:var(--muted);font-weight:400}
        .changes{list-style:none;margin:0;padding:0;font-size:.87rem;color:var(--muted);display:grid;gap:.1rem}
        .change{font-weight:620;color:var(--ink);white-space:nowrap}.change.good{color:var(--good)}.change.bad{color:var(--bad)}.arrow{font-size:.7em;margin-right:.3em;position:relative;top:-.1em}
        .detail{margin:0;font-size:.85rem;color:var(--muted)}
        .spark{width:132px;height:34px;margin:.15rem 0}
        details>summary{cursor:pointer;color:var(--accent);font-size:.87rem;width:fit-content}
        .definition{margin-top:auto;font-size:.87rem}.definition p{margin:.35rem 0 0;color:var(--muted)}
        .definitions{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.9rem 1.15rem}.definitions dl{margin:.8rem 0 0;display:grid;gap:1rem}.definitions dt{font-weight:620}.definitions dd{margin:0}.definitions p{margin:.2rem 0;max-width:52rem}.definitions code{font-weight:400;color:var(--muted);font-size:.85em}.meta{color:var(--muted);font-size:.85rem}
        .grid{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
        .chart,.card{margin:0;background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.15rem;min-width:0}.card{margin-block:0 1rem}.grid+.card{margin-top:1rem}
        .tiles+.grid,.card+.grid{margin-top:1rem}
        figcaption{margin-bottom:.6rem}figcaption p{margin:.15rem 0 0;font-size:.87rem;color:var(--muted);max-width:52rem}
        .chart>svg{display:block;width:100%;height:auto;overflow:visible}
        .chart>svg.at-wide,.chart>svg.at-middle{display:none}
        .legend{list-style:none;margin:0 0 .6rem;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.85rem;color:var(--muted)}.legend li{display:flex;align-items:center;gap:.4rem}.swatch{width:24px;height:14px;flex:none}
        .empty{color:var(--muted);padding:1.5rem 0;margin:0}
        .data{margin-top:.7rem}.data>summary{margin-bottom:.4rem}.rows{color:var(--muted);margin-left:.35rem}
        .table{overflow-x:auto;max-width:100%}.chart .table,.figures .table{max-height:26rem;overflow-y:auto}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        caption{text-align:left;font-weight:620;padding:0 0 .5rem;font-size:1rem}
        th,td{padding:.42rem .75rem;text-align:left;border-bottom:1px solid var(--rule);vertical-align:top}
        th:first-child,td:first-child{padding-left:0}
        thead th{font-weight:500;color:var(--muted);font-size:.84rem;vertical-align:bottom;border-bottom-color:var(--line);min-width:4.2rem}
        tbody th{font-weight:500;min-width:8rem;max-width:22rem;overflow-wrap:anywhere}
        .num{text-align:right;white-space:nowrap}thead .num{white-space:normal}
        .share{background:linear-gradient(to left,var(--band) var(--v),transparent var(--v)) no-repeat right/5.5rem 100%}
        .under{margin:.5rem 0 0;font-size:.83rem;color:var(--muted)}
        .mini{margin:.3rem 0 0;display:grid;gap:.25rem;font-size:.87rem}.mini div{display:flex;justify-content:space-between;gap:1rem;border-top:1px solid var(--rule);padding-top:.25rem}.mini dt{color:var(--muted)}.mini dd{margin:0;text-align:right;overflow-wrap:anywhere}.mini.card{max-width:28rem}
        code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        footer.wrap{border-top:1px solid var(--line);padding-block:1.2rem 2.5rem;font-size:.83rem;color:var(--muted);overflow-wrap:anywhere}footer p{margin:.15rem 0}
        svg text{font-size:12px;fill:var(--muted)}
        svg .value,svg .label{fill:var(--ink)}svg .value{font-weight:600;paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}svg .strong{font-weight:600}svg .in-heat{fill:var(--ink);font-size:11px}
        .line{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}.line.thin{stroke-width:1.75}.line.dashed{stroke-width:1.6;stroke-dasharray:5 4}
        .s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3);stroke-dasharray:2 4}.s4{stroke:var(--c4)}.s5{stroke:var(--c5)}.s6{stroke:var(--c6)}
        .f1,.c1{fill:var(--c1)}.f2{fill:url(#hatch2)}.f3{fill:url(#hatch3)}.f4{fill:url(#hatch4)}.f5{fill:url(#hatch5)}.f6,.c6{fill:var(--c6)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}circle.f2{fill:var(--c2)}circle.f3{fill:var(--c3)}
        .hatch{stroke:var(--hatch);stroke-width:2}.dots{fill:var(--hatch)}
        .bar{stroke:var(--surface);stroke-width:.6}
        .band{fill:var(--band)}.shade{fill:var(--shade)}.rule{stroke:var(--rule)}.rule.dashed{stroke:var(--c6);stroke-dasharray:2 3}.base{stroke:var(--line)}.usual{fill:none;stroke:var(--ink);stroke-width:1.75;stroke-dasharray:4 3}.halo{fill:none;stroke:var(--surface);stroke-width:4}.marker{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 3}.tick{stroke:var(--ink);stroke-width:2}
        .alert:is(circle){fill:var(--surface);stroke:var(--bad);stroke-width:2.5}.end{stroke:var(--surface);stroke-width:1.5}.hover{fill:transparent}.hover:hover{fill:var(--c1)}
        .heat{fill:var(--c1)}.h-none{fill:none;stroke:var(--rule)}.h0{fill-opacity:.04}.h1{fill-opacity:.1}.h2{fill-opacity:.2}.h3{fill-opacity:.31}.h4{fill-opacity:.42}.h5{fill-opacity:.54}.marked{stroke:var(--bad);stroke-width:2}
        @media (min-width:40rem){.chart>svg.at-narrow{display:none}.chart.half>svg.at-wide,.chart.full>svg.at-middle{display:block}.chart.half>svg{max-width:44rem}.chart.full>svg.at-middle{max-width:48rem}}
        @media (min-width:68rem){.grid{grid-template-columns:repeat(2,minmax(0,1fr))}.chart.full{grid-column:1/-1}.chart.full>svg.at-middle{display:none}.chart.full>svg.at-wide{display:block}}
        @media (max-width:40rem){.wrap{padding-inline:1rem}.attention li{grid-template-columns:1fr}.badge{justify-self:start}.tile{position:relative}.spark{position:absolute;right:.9rem;top:.8rem;width:112px}.chart,.card,.tile{padding:.9rem}.facts{gap:.1rem 1.1rem}}
        @media print{:root{--bg:#fff;--surface:#fff;--ink:#000;--muted:#444;--line:#bbb;--rule:#ddd;--accent:#000;--good:#064d26;--bad:#8a1f0c;--warn:#5a3c00;--alert-bg:#fff;--warn-bg:#fff;--c1:#0b6aa8;--c2:#c8591b;--c3:#0f8468;--c4:#8a4d9c;--c5:#9a7a00;--c6:#77818c;--hatch:rgba(255,255,255,.62);--band:rgba(11,106,168,.15);--shade:rgba(0,0,0,.04)}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:10pt}.pages,.skip,.data>summary,.definition,.under a{display:none}.chart,.tile,.card,.attention li{break-inside:avoid}h2{break-after:avoid}.grid{grid-template-columns:minmax(0,1fr)}.chart.full>svg.at-wide,.chart.full>svg.at-narrow,.chart.half>svg.at-narrow{display:none}.chart.full>svg.at-middle,.chart.half>svg.at-wide{display:block}.table{overflow:visible}.tiles{grid-template-columns:repeat(3,1fr)}}
        @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
        """##
}
