/// One template for each page.
enum PageTemplates {
    static let index = ##"""
        {{> head}}
        {{#lead}}<p class="lead">{{lead}}</p>{{/lead}}
        <section class="attention" aria-labelledby="h-attention">
        <h2 id="h-attention">{{t.attention}}</h2>
        {{#has_attention}}<ul>
        {{#attention}}<li class="{{kind}}"><span class="badge">{{label}}</span><p>{{text}} <a href="{{href}}">{{link}}</a></p></li>
        {{/attention}}
        </ul>{{/has_attention}}
        {{^has_attention}}<p class="calm">{{t.nothing_unusual}}</p>{{/has_attention}}
        </section>
        {{> figures}}
        <section aria-labelledby="h-trends">
        <h2 id="h-trends">{{t.trends}}</h2>
        <div class="grid">
        {{#cases}}{{> chart}}{{/cases}}
        {{#flows}}{{> chart}}{{/flows}}
        {{#first_reply}}{{> chart}}{{/first_reply}}
        {{#topics}}{{> chart}}{{/topics}}
        {{#channels}}{{> chart}}{{/channels}}
        </div>
        </section>
        {{> foot}}
        """##

    static let volume = ##"""
        {{> head}}
        {{> figures}}
        <section aria-labelledby="h-days">
        <h2 id="h-days">{{t.over_time}}</h2>
        <div class="grid">
        {{#cases}}{{> chart}}{{/cases}}
        {{#against}}{{> chart}}{{/against}}
        {{#channels_by_day}}{{> chart}}{{/channels_by_day}}
        {{#calendar}}{{> chart}}{{/calendar}}
        {{#messages}}{{> chart}}{{/messages}}
        </div>
        </section>
        <section aria-labelledby="h-hours">
        <h2 id="h-hours">{{t.by_hour}}</h2>
        <div class="grid">
        {{#heatmap}}{{> chart}}{{/heatmap}}
        {{#hours}}{{> chart}}{{/hours}}
        </div>
        </section>
        <section aria-labelledby="h-where">
        <h2 id="h-where">{{t.by_segment}}</h2>
        <div class="grid">
        {{#channels}}{{> chart}}{{/channels}}
        {{#groups}}{{> chart}}{{/groups}}
        </div>
        </section>
        {{#has_staffing}}<section aria-labelledby="h-staffing">
        <h2 id="h-staffing">{{t.staffing_title}}</h2>
        <p class="note">{{staffing_note}} <a href="{{staffing_csv}}" download>{{staffing_csv}}</a></p>
        {{#staffing_fallback}}<p class="note">{{staffing_fallback}}</p>{{/staffing_fallback}}
        {{#staffing_days}}<div class="card"><h3>{{title}}</h3>{{> table}}</div>{{/staffing_days}}
        <div class="grid">
        {{#staffing_heats}}{{> chart}}{{/staffing_heats}}
        </div>
        </section>{{/has_staffing}}
        {{> definitions}}
        {{> foot}}
        """##

    static let service = ##"""
        {{> head}}
        <p class="note">{{clock_note}}</p>
        {{> figures}}
        <section aria-labelledby="h-durations">
        <h2 id="h-durations">{{t.durations}}</h2>
        {{#durations}}<div class="card">{{> table}}</div>{{/durations}}
        <div class="grid">
        {{#first_reply}}{{> chart}}{{/first_reply}}
        {{#first_reply_distribution}}{{> chart}}{{/first_reply_distribution}}
        {{#full_resolution}}{{> chart}}{{/full_resolution}}
        {{#full_resolution_distribution}}{{> chart}}{{/full_resolution_distribution}}
        </div>
        </section>
        <section aria-labelledby="h-segments">
        <h2 id="h-segments">{{t.by_segment}}</h2>
        {{#first_reply_by_channel}}<div class="card">{{> table}}</div>{{/first_reply_by_channel}}
        {{#first_reply_by_group}}<div class="card">{{> table}}</div>{{/first_reply_by_group}}
        {{#resolution_by_group}}<div class="card">{{> table}}</div>{{/resolution_by_group}}
        </section>
        <section aria-labelledby="h-outcome">
        <h2 id="h-outcome">{{t.outcome}}</h2>
        <div class="grid">
        {{#backlog}}{{> chart}}{{/backlog}}
        {{#touches}}{{> chart}}{{/touches}}
        {{#ratings}}{{> chart}}{{/ratings}}
        </div>
        </section>
        {{> definitions}}
        {{> foot}}
        """##

    static let topics = ##"""
        {{> head}}
        <p class="note">{{t.note_intents}}</p>
        <section aria-labelledby="h-topics">
        <h2 id="h-topics">{{t.what_about}}</h2>
        <div class="grid">
        {{#intents}}{{> chart}}{{/intents}}
        {{#categories}}{{> chart}}{{/categories}}
        {{#trends}}{{> chart}}{{/trends}}
        </div>
        {{#moves}}<div class="card">{{> table}}</div>{{/moves}}
        </section>
        <section aria-labelledby="h-served">
        <h2 id="h-served">{{t.how_served}}</h2>
        {{#intent_service}}<div class="card">{{> table}}</div>{{/intent_service}}
        {{#category_service}}<div class="card">{{> table}}</div>{{/category_service}}
        </section>
        {{> definitions}}
        {{> foot}}
        """##

    static let sentiment = ##"""
        {{> head}}
        <p class="note">{{t.note_sentiment}}</p>
        {{> figures}}
        <section aria-labelledby="h-days">
        <h2 id="h-days">{{t.over_time}}</h2>
        <div class="grid">
        {{#by_day}}{{> chart}}{{/by_day}}
        {{#stacked}}{{> chart}}{{/stacked}}
        </div>
        </section>
        <section aria-labelledby="h-segments">
        <h2 id="h-segments">{{t.by_segment}}</h2>
        <div class="grid">
        {{#by_intent}}{{> chart}}{{/by_intent}}
        {{#by_channel}}{{> chart}}{{/by_channel}}
        {{#by_group}}{{> chart}}{{/by_group}}
        </div>
        </section>
        {{> definitions}}
        {{> foot}}
        """##

    static let anomalies = ##"""
        {{> head}}
        <p class="note">{{t.note_anomalies}}</p>
        <section class="attention" aria-labelledby="h-alerts">
        <h2 id="h-alerts">{{t.alerts_title}}</h2>
        {{#has_alerts}}<ul>
        {{#alerts}}<li class="alert"><span class="badge">{{severity}}</span><p>{{text}}</p></li>
        {{/alerts}}
        </ul>
        {{#alert_table}}<details class="data"><summary>{{t.as_table}} <span class="rows">{{rows}} {{t.rows}}</span></summary>{{> table}}</details>{{/alert_table}}{{/has_alerts}}
        {{^has_alerts}}<p class="calm">{{none}}</p>{{/has_alerts}}
        </section>
        <section aria-labelledby="h-series">
        <h2 id="h-series">{{t.watched_series}}</h2>
        <div class="grid">
        {{#charts}}{{> chart}}{{/charts}}
        {{#others}}{{> chart}}{{/others}}
        {{#alert_calendar}}{{> chart}}{{/alert_calendar}}
        </div>
        </section>
        <section aria-labelledby="h-ahead">
        <h2 id="h-ahead">{{t.ahead_title}}</h2>
        <p class="note">{{forecast_note}}</p>
        {{#fallback_note}}<p class="note">{{fallback_note}}</p>{{/fallback_note}}
        {{#has_forecast}}{{#forecast_models}}<div class="card">{{> table}}</div>{{/forecast_models}}
        {{#forecast}}<details class="data"><summary>{{title}} <span class="rows">{{rows}} {{t.rows}}</span></summary>{{> table}}</details>{{/forecast}}{{/has_forecast}}
        </section>
        {{> foot}}
        """##

    static let agents = ##"""
        {{> head}}
        <p class="note">{{caution}}</p>
        <section aria-labelledby="h-agents">
        <h2 id="h-agents">{{t.people}}</h2>
        {{#agents}}<div class="card">{{> table}}</div>{{/agents}}
        </section>
        <section aria-labelledby="h-teams">
        <h2 id="h-teams">{{t.teams}}</h2>
        <div class="grid">
        {{#groups}}{{> chart}}{{/groups}}
        {{#spread}}{{> chart}}{{/spread}}
        </div>
        </section>
        {{> definitions}}
        {{> foot}}
        """##

    static let models = ##"""
        {{> head}}
        <p class="note">{{t.note_models}}</p>
        <section aria-labelledby="h-models">
        <h2 id="h-models">{{t.models_title}}</h2>
        {{#has_models}}<ul class="tiles">
        {{#cards}}<li class="tile"><h3>{{task}}</h3>
        <p class="number"><span>{{f1}}</span> <small>macro F1</small></p>
        <p class="detail">{{errors}}</p>
        <dl class="mini"><div><dt>{{t.col_accuracy}}</dt><dd>{{accuracy}}</dd></div><div><dt>{{t.col_ece}}</dt><dd>{{ece}}</dd></div><div><dt>{{t.col_held_out}}</dt><dd>{{held_out}}</dd></div><div><dt>{{t.col_rows}}</dt><dd>{{rows}}</dd></div><div><dt>{{t.col_labels}}</dt><dd>{{labels}}</dd></div><div><dt>{{t.col_algorithm}}</dt><dd>{{algorithm}}</dd></div><div><dt>{{t.col_trained}}</dt><dd>{{trained}}</dd></div><div><dt>{{t.col_version}}</dt><dd><code>{{version}}</code></dd></div></dl>
        </li>
        {{/cards}}
        </ul>{{/has_models}}
        {{^has_models}}<p class="calm">{{t.no_models}}</p>{{/has_models}}
        <div class="grid">{{#quality}}{{> chart}}{{/quality}}</div>
        </section>
        {{#drift}}<section aria-labelledby="t-drift-name"><div class="card">{{> table}}</div></section>{{/drift}}
        {{> foot}}
        """##

    static let quality = ##"""
        {{> head}}
        <section class="attention" aria-labelledby="h-warnings">
        <h2 id="h-warnings">{{t.warnings}}</h2>
        {{#has_warnings}}<ul>
        {{#warnings}}<li class="warning"><span class="badge">{{t.attention_warning}}</span><p>{{.}}</p></li>
        {{/warnings}}
        </ul>{{/has_warnings}}
        {{^has_warnings}}<p class="calm">{{t.no_warnings}}</p>{{/has_warnings}}
        </section>
        <section aria-labelledby="h-sources">
        <h2 id="h-sources">{{t.what_was_read}}</h2>
        {{#sources}}<div class="card">{{> table}}</div>{{/sources}}
        <p class="note">{{files}}</p>
        <div class="grid">
        {{#rejects}}{{> chart}}{{/rejects}}
        {{#absences}}{{> chart}}{{/absences}}
        </div>
        {{#records}}<div class="card">{{> table}}</div>{{/records}}
        </section>
        {{#has_stages}}
        <section aria-labelledby="h-run">
        <h2 id="h-run">{{t.stages}}</h2>
        <dl class="mini card">{{#stages}}<div><dt>{{name}}</dt><dd>{{seconds}} s</dd></div>{{/stages}}</dl>
        </section>
        {{/has_stages}}
        {{> foot}}
        """##

    static let calendar = ##"""
        {{> head}}
        {{#latest}}<p class="lead"><a href="{{latest}}">{{t.open_latest}}</a></p>{{/latest}}
        {{#sections}}
        <section>
        <h2 id="h-{{id}}">{{title}}</h2>
        <div class="table card" role="region" tabindex="0" aria-labelledby="h-{{id}}">
        <table><caption>{{title}}</caption>
        <thead><tr><th scope="col">{{t.col_period}}</th><th scope="col" class="num">{{cases}}</th><th scope="col" class="num">{{first_reply}}</th><th scope="col" class="num">{{backlog}}</th><th scope="col" class="num">{{csat}}</th><th scope="col" class="num">{{alerts}}</th></tr></thead>
        <tbody>
        {{#entries}}<tr><th scope="row"><a href="{{href}}">{{title}}</a></th><td class="num">{{cases}}</td><td class="num">{{first_reply}}</td><td class="num">{{backlog}}</td><td class="num">{{csat}}</td><td class="num">{{alerts}}</td></tr>
        {{/entries}}
        </tbody></table>
        </div>
        </section>
        {{/sections}}
        {{#is_empty}}<p class="calm">{{t.no_reports}}</p>{{/is_empty}}
        {{> foot}}
        """##
}
