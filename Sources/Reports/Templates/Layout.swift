/// Templates that all pages share.
enum Layout {
    static let head = ##"""
        <!doctype html>
        <html lang="{{lang}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
        <meta name="robots" content="noindex">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        <title>{{page_title}} · {{period}}</title>
        <style>{{{css}}}</style>
        </head>
        <body>
        <a class="skip" href="#main">{{t.skip}}</a>
        <svg class="defs" aria-hidden="true" focusable="false" width="0" height="0"><defs>
        <pattern id="hatch2" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="c2" width="6" height="6"/><path class="hatch" d="M0 0V6"/></pattern>
        <pattern id="hatch3" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="c3" width="6" height="6"/><circle class="dots" cx="3" cy="3" r="1.1"/></pattern>
        <pattern id="hatch4" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="c4" width="6" height="6"/><path class="hatch" d="M0 0V6"/></pattern>
        <pattern id="hatch5" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="c5" width="5" height="5"/><path class="hatch" d="M0 0H5"/></pattern>
        </defs></svg>
        <header class="top">
        <div class="wrap">
        <p class="brand">{{#home}}<a href="{{home}}">{{t.report}}</a>{{/home}}{{^home}}{{t.report}}{{/home}}</p>
        <h1>{{page_title}}</h1>
        <p class="period">{{period}}</p>
        <dl class="facts">
        {{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>
        {{/facts}}
        </dl>
        </div>
        </header>
        {{#has_nav}}
        <nav class="pages" aria-label="{{t.pages}}"><ul class="wrap">
        {{#nav}}<li><a href="{{href}}"{{#current}} aria-current="page"{{/current}}>{{title}}</a></li>
        {{/nav}}
        </ul></nav>
        {{/has_nav}}
        <main id="main" class="wrap" tabindex="-1">

        """##

    static let foot = ##"""
        </main>
        <footer class="wrap">
        {{#footer}}<p>{{.}}</p>
        {{/footer}}
        </footer>
        </body>
        </html>

        """##

    /// Headline figures as tiles, and all of them in a table.
    static let figures = ##"""
        <section class="figures" aria-labelledby="h-figures">
        <h2 id="h-figures">{{t.key_figures}}</h2>
        <ul class="tiles">
        {{#figures}}
        <li class="tile">
        <h3>{{title}}</h3>
        <p class="number{{#is_absent}} absent{{/is_absent}}"><span>{{value}}</span>{{^is_absent}}{{#qualifier}} <small>{{qualifier}}</small>{{/qualifier}}{{/is_absent}}</p>
        {{#has_changes}}<ul class="changes">
        {{#changes}}<li>{{{html}}} <span>{{t.against}} {{against}} <span class="old">({{old}})</span></span></li>
        {{/changes}}
        </ul>{{/has_changes}}
        {{{spark}}}
        {{#detail}}<p class="detail">{{detail}}</p>{{/detail}}
        {{#n}}<p class="detail">n = {{n}}</p>{{/n}}
        {{#definition}}<details class="definition"><summary>{{t.definition}}</summary><p>{{text}}</p><p>{{t.counted_on}} {{attribution}} · {{t.profile}} {{profile}}</p></details>{{/definition}}
        </li>
        {{/figures}}
        </ul>
        {{#key_figures}}<details class="data"><summary>{{t.as_table}}: {{title}}</summary>{{> table}}</details>{{/key_figures}}
        </section>

        """##

    static let chart = ##"""
        <figure class="chart {{span}}" id="{{id}}">
        <figcaption><h3>{{title}}</h3>{{#note}}<p>{{note}}</p>{{/note}}</figcaption>
        {{#has_legend}}<ul class="legend">{{#legend}}<li>{{{swatch}}}{{title}}</li>{{/legend}}</ul>{{/has_legend}}
        {{#is_empty}}<p class="empty">{{t.no_data}}</p>{{/is_empty}}
        {{{svg}}}
        {{#table}}<details class="data"><summary>{{t.as_table}} <span class="rows">{{rows}} {{t.rows}}</span></summary>{{> table}}</details>{{/table}}
        </figure>

        """##

    static let table = ##"""
        <div class="table" role="region" tabindex="0" aria-labelledby="t-{{id}}-name">
        <span id="t-{{id}}-name" hidden>{{title}}</span>
        {{{html}}}
        </div>
        <p class="under">{{#note}}{{note}} {{/note}}<a href="{{csv}}" download>{{csv}}</a></p>

        """##

    static let definitions = ##"""
        {{#has_definitions}}
        <section aria-labelledby="h-definitions">
        <h2 id="h-definitions">{{t.definitions}}</h2>
        <details class="definitions"><summary>{{t.definitions_summary}}</summary>
        <dl>
        {{#definitions}}<div><dt>{{title}} <code>{{name}}</code></dt><dd><p>{{text}}</p><p class="meta">{{t.counted_on}} {{attribution}} · {{t.profile}} {{profile}} · {{source}}</p></dd></div>
        {{/definitions}}
        </dl></details>
        </section>
        {{/has_definitions}}

        """##
}
