#!/usr/bin/env python3
"""Makes datasets/samples/exports: ninety days of an invented shop, from a seed. README.md beside this file says what is planted.

    python3 datasets/samples/generate.py            # writes exports/ anew, the same bytes every time
"""
import csv
import gzip
import io
import json
import random
import shutil
import zipfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "exports"
SHANGHAI = timezone(timedelta(hours=8))
FIRST, DAYS = date(2026, 8, 23), 90
PEAK, OUTAGE, DEFECT = date(2026, 11, 11), date(2026, 10, 29), date(2026, 11, 2)
r = random.Random(20261120)

# ---------------------------------------------------------------- who and what

BRANDS = ["Spruce Home", "Larch Audio", "Birch Baby"]
AGENTS = {  # id: name, group, system, speed (1 is the house's mean; larger is slower)
    "8801": ("Lin Yue", "After-sales", "zendesk", 0.7), "8802": ("Tom Archer", "After-sales", "zendesk", 1.0),
    "8803": ("He Jing", "Payments", "zendesk", 1.2), "8804": ("Priya Nair", "Payments", "zendesk", 0.9),
    "8805": ("Zhou Ming", "Logistics", "zendesk", 1.6),
    "9901": ("Mia Keller", "Chat", "intercom", 0.8), "9902": ("Ben Osei", "Chat", "intercom", 1.2),
    "31": ("Wang Fei", "Web", "chatwoot", 0.9), "32": ("Sun Li", "Web", "chatwoot", 1.3),
    "im-07": ("Xiao Chen", "IM", "im", 0.8), "im-11": ("Xiao Deng", "IM", "im", 1.1),
}
WEIGHTS = {  # intent: share in an ordinary week
    "delivery_status": 15, "delivery_delay": 8, "order_status": 7, "refund_status": 6, "refund_request": 6,
    "return_request": 6, "exchange_request": 4, "product_info": 6, "product_availability": 4, "coupon_use": 4,
    "promotion_question": 3, "invoice_request": 5, "invoice_correction": 2, "payment_failed": 3, "charge_dispute": 2,
    "order_cancel": 4, "order_modify": 3, "delivery_address_change": 3, "delivery_lost_damaged": 4, "account_login": 3,
    "password_reset": 2, "verification_code": 2, "membership_points": 2, "product_fault": 5, "repair_request": 2,
    "installation_help": 2, "warranty_question": 2, "complaint_quality": 3, "complaint_service": 2, "human_agent": 2,
    "price_protection": 2, "compatibility": 2, "product_recommendation": 2, "delivery_options": 2, "app_crash": 1,
}
GROUP_OF = {
    "payment_failed": "Payments", "charge_dispute": "Payments", "invoice_request": "Payments", "invoice_correction": "Payments",
    "refund_status": "Payments", "delivery_status": "Logistics", "delivery_delay": "Logistics", "delivery_lost_damaged": "Logistics",
    "delivery_address_change": "Logistics",
}
OUTAGE_WORDS = {
    "zh": ["支付页面一直转圈，报错 ERR-5031，付不了款", "收银台打不开，ERR-5031，怎么回事", "付款失败了好几次，提示 5031 网关超时", "钱扣了订单还是待付款，5031",
           "你们支付是不是挂了？一直提示网关超时", "结账页白屏，换了手机也不行", "ERR-5031 是什么意思，付款点不动"],
    "en": ["Checkout spins forever, then ERR-5031. Can't pay!", "Payment page is down? gateway timeout 5031", "ERR-5031 three times in a row, was I charged?",
           "cannot pay, blank checkout page on phone and laptop", "card was debited but order says unpaid, error 5031", "is your payment gateway broken? 5031 again"],
}
DEFECT_WORDS = {
    "zh": ["水壶盖子扣不紧，倒水就漏", "新买的电热水壶盖子裂了，第二个了", "壶盖松动，开水溅出来差点烫到孩子"],
    "en": ["The kettle lid will not close, it leaks when I pour", "lid hinge of the new kettle cracked after two days", "Kettle lid came loose and hot water spilled on my hand"],
}
HAPPY = {"zh": ["好的谢谢，解决了", "谢谢你，处理得很快👍", "可以了，太感谢了", "嗯嗯收到，谢谢"], "en": ["Great, thanks a lot!", "That works, thank you", "Sorted. Appreciate the quick help", "ok thanks"]}
ANGRY = {"zh": ["都几天了还没人管，太差劲了", "每次都是这套话，一点用没有", "再不处理我就投诉到12315", "失望透了，以后不会再买了"],
         "en": ["This is ridiculous, nobody is helping me", "I have asked three times now. Terrible service.", "Really disappointed, never ordering again", "Still broken. This is a joke."]}
PLAIN = {"zh": ["订单号我发你了", "嗯，我再看看", "那大概要多久？", "地址没变，还是原来的", "是昨天下的单"], "en": ["I sent the order number above", "ok, how long will that take?", "It was ordered last week", "the address is still the same", "let me check and come back to you"]}
REPLIES = {
    "zh": ["您好，已为您查询，请稍等", "很抱歉给您添麻烦了，我马上处理", "已经帮您登记加急，今天内会有结果", "麻烦提供一下订单号和照片，谢谢", "这边已为您提交申请，1-3个工作日原路退回", "已转交物流同事核实，有消息第一时间告诉您"],
    "en": ["Hi, thanks for writing in. Let me look into this for you.", "I am sorry about that. I have escalated it to our warehouse.", "Could you send me your order number and a photo, please?",
           "I have submitted the refund; it takes 1-3 working days.", "Your parcel is on its way, the tracking page updates tonight.", "I have changed that for you. Anything else I can do?"],
}
BOT = {"zh": "您好，我是智能助手小云，请描述您的问题", "en": "Hi, I'm Sprig the assistant. Tell me what happened and I'll find the right person."}


def utterances():
    table = {}
    for language in ("zh", "en"):
        for line in open(HERE.parent / "intent" / f"{language}.tsv", encoding="utf-8"):
            label, _, text = line.rstrip("\n").partition("\t")
            table.setdefault((language, label), []).append(text)
    return table


SAYINGS = utterances()


def first_words(case):
    if case["outage"]:
        return r.choice(OUTAGE_WORDS[case["language"]])
    if case["defect"]:
        return r.choice(DEFECT_WORDS[case["language"]])
    text = r.choice(SAYINGS[case["language"], case["intent"]])
    roll = r.random()
    if roll < 0.05:
        text += " 我的手机号是13%09d" % r.randrange(10**9) if case["language"] == "zh" else " My number is +44 7911 %06d" % r.randrange(10**6)
    elif roll < 0.08:
        text += " user%d@example.com" % r.randrange(1000)
    return text


# ---------------------------------------------------------------- how many and when

HOURS = [1, 1, 0, 0, 0, 0, 1, 3, 6, 10, 12, 11, 8, 9, 11, 11, 10, 8, 6, 7, 9, 9, 6, 3]
SYSTEMS = {"zendesk": 34, "freshdesk": 18, "intercom": 16, "chatwoot": 16, "im": 14}


def volume(system, day):
    base = SYSTEMS[system]
    weekday = [1.12, 1.08, 1.0, 0.98, 1.02, 0.72, 0.66][day.weekday()] if system in ("zendesk", "freshdesk") else [0.95, 0.95, 0.95, 0.97, 1.0, 1.15, 1.18][day.weekday()]
    holiday = 0.6 if date(2026, 10, 1) <= day <= date(2026, 10, 7) else 1.0
    to_peak = (day - PEAK).days
    peak = {-1: 1.3, 0: 2.8, 1: 2.4, 2: 2.0, 3: 1.7, 4: 1.4, 5: 1.25, 6: 1.15}.get(to_peak, 1.0)
    growth = 1 + 0.0015 * (day - FIRST).days
    return max(1, round(r.gauss(base * weekday * holiday * peak * growth, 0.07 * base)))


def cases(system):
    """The cases of a system in order of opening."""
    out = []
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        ordinary = volume(system, day)
        extra = round(SYSTEMS[system] * 1.6) if day == OUTAGE else 0
        for k in range(ordinary + extra):
            is_outage = k >= ordinary
            hour = r.choice([14, 14, 15, 15, 15, 16, 16, 17]) if is_outage else r.choices(range(24), HOURS)[0]
            opened = datetime(day.year, day.month, day.day, hour, r.randrange(60), r.randrange(60), tzinfo=SHANGHAI)
            zh = r.random() < {"zendesk": 0.45, "freshdesk": 1.0, "intercom": 0.15, "chatwoot": 0.7, "im": 1.0}[system]
            brand = r.choices(BRANDS, [5, 3, 2])[0]
            is_defect = not is_outage and brand == "Spruce Home" and day >= DEFECT and r.random() < 0.12
            weights = dict(WEIGHTS)
            if 0 <= (day - PEAK).days <= 6:
                for intent, factor in (("delivery_delay", 3), ("delivery_status", 2), ("price_protection", 4), ("coupon_use", 2), ("refund_request", 1.5)):
                    weights[intent] *= factor
            intent = "payment_failed" if is_outage else "product_fault" if is_defect else r.choices(list(weights), weights.values())[0]
            out.append({"opened": opened, "language": "zh" if zh else "en", "brand": brand, "intent": intent, "outage": is_outage, "defect": is_defect,
                        "customer": r.randrange(6000), "busy": 2.2 if is_outage else 1.6 if 0 <= (day - PEAK).days <= 3 else 1.0})
    return sorted(out, key=lambda c: c["opened"])


def office(moment):
    """The next moment in office hours (09:00 to 21:00 local)."""
    if moment.hour < 9:
        return moment.replace(hour=9, minute=r.randrange(40), second=r.randrange(60))
    if moment.hour >= 21:
        return (moment + timedelta(days=1)).replace(hour=9, minute=r.randrange(40), second=r.randrange(60))
    return moment


def reply_after(moment, case, agent, mean_minutes):
    wait = r.expovariate(1 / (mean_minutes * AGENTS[agent][3] * case["busy"])) + 0.3
    return office(office(moment) + timedelta(minutes=wait))


def mood(case):
    if case["outage"] or case["defect"]:
        return r.choices(["angry", "plain", "happy"], [6, 3, 1])[0]
    if case["intent"].startswith("complaint"):
        return r.choices(["angry", "plain", "happy"], [6, 3, 1])[0]
    return r.choices(["angry", "plain", "happy"], [1.2, 3, 5])[0]


def last_words(case, feeling):
    return r.choice({"angry": ANGRY, "plain": PLAIN, "happy": HAPPY}[feeling][case["language"]])


def utc(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def unix(moment):
    return int(moment.timestamp())


def within(moment):
    return moment.date() < FIRST + timedelta(days=DAYS)


# ---------------------------------------------------------------- systems

def zendesk():
    """Two export zips (the second, late, holds newer versions and October tickets that the first had not), users, audits."""
    tickets, audits = [], []
    number, comment_id, audit_id = 90000, 500000, 700000
    for case in cases("zendesk"):
        number += 1
        group = GROUP_OF.get(case["intent"], "After-sales")
        agent = r.choice([a for a, v in AGENTS.items() if v[2] == "zendesk" and v[1] == group])
        requester = 70000 + case["customer"]
        feeling = mood(case)
        comments, events = [], []

        def say(author, at, body, public=True):
            nonlocal comment_id
            comment_id += 1
            comments.append({"id": comment_id, "author_id": author, "public": public, "created_at": utc(at), "body": body})

        def change(at, field, value, previous, author):
            nonlocal audit_id
            audit_id += 1
            events.append({"id": audit_id, "ticket_id": number, "created_at": utc(at), "author_id": author,
                           "events": [{"id": audit_id * 10, "type": "Change", "field_name": field, "value": value, "previous_value": previous}]})

        words = first_words(case)
        say(requester, case["opened"], words)
        change(case["opened"], "status", "new", None, requester)
        now, status = case["opened"], "new"
        if r.random() > 0.04:
            now = reply_after(now, case, int(agent) and agent, 95)
            if within(now):
                if r.random() < 0.25:
                    say(int(agent), now - timedelta(minutes=2), "内部备注：先查仓库记录" if case["language"] == "zh" else "internal: check the warehouse log first", public=False)
                say(int(agent), now, r.choice(REPLIES[case["language"]]))
                change(now, "assignee_id", agent, None, int(agent))
                change(now, "status", "pending", "new", int(agent))
                status = "pending"
                for _ in range(r.choices([0, 1, 2, 3], [4, 4, 2, 1])[0]):
                    back = now + timedelta(minutes=r.expovariate(1 / 240) + 2)
                    if not within(back):
                        break
                    say(requester, back, last_words(case, "plain" if feeling == "happy" else feeling))
                    change(back, "status", "open", status, requester)
                    status = "open"
                    again = reply_after(back, case, agent, 120)
                    if not within(again):
                        now = back
                        break
                    say(int(agent), again, r.choice(REPLIES[case["language"]]))
                    held = "hold" if r.random() < 0.12 else "pending"
                    change(again, "status", held, "open", int(agent))
                    status, now = held, again
                done = now + timedelta(hours=r.expovariate(1 / 14) + 0.2)
                if within(done) and status != "open":
                    say(requester, done - timedelta(minutes=5), last_words(case, feeling))
                    change(done, "status", "solved", status, int(agent))
                    status, now = "solved", done
                    if r.random() < 0.06:
                        again = done + timedelta(hours=r.uniform(3, 40))
                        if within(again):
                            say(requester, again, r.choice(ANGRY[case["language"]]))
                            change(again, "status", "open", "solved", requester)
                            status, now = "open", again
                            fixed = reply_after(again, case, agent, 200)
                            if within(fixed):
                                say(int(agent), fixed, r.choice(REPLIES[case["language"]]))
                                change(fixed, "status", "solved", "open", int(agent))
                                status, now = "solved", fixed
        rating = None
        if status == "solved" and r.random() < 0.3:
            rating = {"id": 300000 + number, "score": "bad" if feeling == "angry" and r.random() < 0.8 else "good", "created_at": utc(now + timedelta(minutes=9))}
        ticket = {"id": number, "created_at": utc(case["opened"]), "updated_at": utc(now), "status": status, "subject": words[:60], "description": words,
                  "priority": "urgent" if case["outage"] else r.choice(["low", "normal", "normal", "normal", "high"]), "requester_id": requester, "submitter_id": requester,
                  "assignee_id": int(agent) if status != "new" else None, "group_id": {"After-sales": 5, "Payments": 6, "Logistics": 7}[group],
                  "tags": [case["brand"].lower().replace(" ", "-")] + (["kettle"] if case["defect"] else []), "via": {"channel": r.choices(["email", "web", "api"], [6, 3, 1])[0]},
                  "brand_id": BRANDS.index(case["brand"]) + 1, "satisfaction_rating": rating or {"score": "unoffered"}, "comments": comments}
        tickets.append((case, ticket))
        audits += events
    late_days = [date(2026, 10, 12), date(2026, 10, 13)]
    first, second = [], []
    for case, ticket in tickets:
        late = case["opened"].date() in late_days and r.random() < 0.2
        (second if late else first).append(ticket)
        if not late and ticket["status"] == "solved" and r.random() < 0.02:
            older = dict(ticket, status="open", updated_at=ticket["created_at"], comments=ticket["comments"][:1], satisfaction_rating={"score": "unoffered"})
            first.append(older)  # an older version of the same ticket: the newer one must win
            second.append(ticket)  # and the same version once more: a duplicate
    users = [{"id": int(a), "name": v[0], "role": "agent", "email": f"{v[0].split()[0].lower()}@spruce.example", "default_group_id": {"After-sales": 5, "Payments": 6, "Logistics": 7}[v[1]]}
             for a, v in AGENTS.items() if v[2] == "zendesk"]
    users += [{"id": i, "name": f"Guest {i - 70000}", "role": "end-user", "email": f"guest{i - 70000:04d}@example.com"} for i in sorted({t["requester_id"] for _, t in tickets})]
    groups = [{"id": 5, "name": "After-sales"}, {"id": 6, "name": "Payments"}, {"id": 7, "name": "Logistics"}]
    lines = [json.dumps({"ticket": t}, ensure_ascii=False) for t in first]
    lines.insert(len(lines) // 2, '{"ticket":{"id":')  # a torn line
    half = len(lines) // 2 + 40
    archive("zendesk-tickets.zip", {
        "export_2026_11_21_4711_1": "\n".join(lines[:half]) + "\n", "export_2026_11_21_4711_0": "\n".join(lines[half:]) + "\n",
        "users.json": json.dumps({"users": users, "count": len(users), "next_page": None}), "groups.json": json.dumps({"groups": groups, "count": 3, "next_page": None}),
        "ticket_audits.ndjson": "\n".join(json.dumps(a, separators=(",", ":")) for a in audits) + "\n"})
    archive("zendesk-late.zip", {"export_2026_11_21_4712_0": "\n".join(json.dumps({"ticket": t}, ensure_ascii=False) for t in second) + "\n"})


def archive(name, files):
    with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for path, text in sorted(files.items()):
            z.writestr(zipfile.ZipInfo(path, (2026, 11, 21, 1, 0, 0)), text, zipfile.ZIP_DEFLATED, 9)


def packed(name, text):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", filename="", mtime=0, compresslevel=9) as z:
        z.write(text.encode("utf-8"))
    (OUT / name).write_bytes(buffer.getvalue())


def freshdesk():
    """One CSV in GB18030 with naive local times, as a Chinese back office saves it; dirty rows among the good."""
    header = ["Ticket ID", "Subject", "Description", "Status", "Priority", "Source", "Type", "Agent", "Group", "Created time", "Due by Time", "Resolved time", "Closed time",
              "Last update time", "Initial response time", "Time tracked", "First response time (in hrs)", "Resolution time (in hrs)", "Agent interactions", "Customer interactions",
              "Resolution status", "First response status", "Tags", "Survey results", "Product", "Full name", "Email", "Contact ID"]
    names = {"Payments": "何静", "Logistics": "周明", "After-sales": "林悦"}
    rows, number = [], 4000
    stamp = lambda m: m.strftime("%Y-%m-%d %H:%M:%S") if m else ""
    for case in cases("freshdesk"):
        number += 1
        group = GROUP_OF.get(case["intent"], "After-sales")
        answered = office(office(case["opened"]) + timedelta(minutes=r.expovariate(1 / (80 * case["busy"])) + 1))
        solved = answered + timedelta(hours=r.expovariate(1 / 20) + 0.2)
        answered = answered if within(answered) and r.random() > 0.05 else None
        solved = solved if answered and within(solved) and r.random() > 0.06 else None
        words, feeling = first_words(case), mood(case)
        hours = (solved - case["opened"]).total_seconds() if solved else 0
        rows.append([number, words[:40], words, "Closed" if solved and r.random() < 0.5 else "Resolved" if solved else "Pending" if answered else "Open",
                     "Urgent" if case["outage"] else r.choice(["Low", "Medium", "Medium", "High"]), r.choice(["Email", "Portal", "Phone"]), "Question", names[group], group,
                     stamp(case["opened"]), stamp(case["opened"] + timedelta(days=2)), stamp(solved), stamp(solved), stamp(solved or answered or case["opened"]), stamp(answered), "00:00:00", "",
                     "%d:%02d:%02d" % (hours // 3600, hours // 60 % 60, hours % 60) if solved else "", 1 if answered else 0, 1, "", "", case["brand"].lower().replace(" ", "-"),
                     ("不满意" if feeling == "angry" else "满意") if solved and r.random() < 0.25 else "", case["brand"], "顾客%04d" % case["customer"],
                     "guest%04d@example.com" % case["customer"], 40000 + case["customer"]])
    rows.insert(300, rows[299])  # the same row twice
    rows.insert(500, rows[500][:9] + ["2026-13-45 99:00:00"] + rows[500][10:])  # a date that does not exist (its ticket follows rightly)
    rows.insert(700, rows[700][:5])  # a row cut short
    text = io.StringIO(newline="")
    w = csv.writer(text, lineterminator="\r\n")
    w.writerow(header)
    w.writerows(rows)
    (OUT / "freshdesk-tickets.csv").write_bytes(text.getvalue().encode("gb18030"))


def intercom():
    conversations, number, part_id = [], 215000, 900000
    for case in cases("intercom"):
        number += 1
        agent = r.choice(["9901", "9902"])
        customer = "u%d" % case["customer"]
        feeling, parts = mood(case), []

        def part(kind, at, who, identity, body):
            nonlocal part_id
            part_id += 1
            parts.append({"type": "conversation_part", "id": str(part_id), "part_type": kind, "body": f"<p>{body}</p>" if body else None, "created_at": unix(at), "updated_at": unix(at),
                          "author": {"type": who, "id": identity, "name": AGENTS[identity][0] if who == "admin" else None}})

        part("comment", case["opened"] + timedelta(seconds=3), "bot", "sprig", BOT[case["language"]])
        now, state, rating = case["opened"], "open", None
        if r.random() > 0.06:
            now = reply_after(now, case, agent, 6)
            part("assignment", now - timedelta(seconds=5), "bot", "sprig", None)
            part("comment", now, "admin", agent, r.choice(REPLIES[case["language"]]))
            for _ in range(r.choices([1, 2, 3], [5, 3, 1])[0]):
                now += timedelta(minutes=r.expovariate(1 / 3) + 0.2)
                part("comment", now, "user", customer, last_words(case, "plain"))
                now += timedelta(minutes=r.expovariate(1 / 2) + 0.2)
                part("comment", now, "admin", agent, r.choice(REPLIES[case["language"]]))
            now += timedelta(minutes=4)
            part("comment", now, "user", customer, last_words(case, feeling))
            if r.random() < 0.93:
                now += timedelta(minutes=2)
                part("close", now, "admin", agent, None)
                state = "closed"
                if r.random() < 0.35:
                    rating = {"rating": r.choice([1, 2]) if feeling == "angry" else r.choice([4, 5, 5]) if feeling == "happy" else r.choice([3, 4]), "remark": None,
                              "created_at": unix(now) + 60, "contact": {"id": customer}, "teammate": {"id": int(agent)}}
        conversations.append({"type": "conversation", "id": str(number), "created_at": unix(case["opened"]), "updated_at": unix(now), "state": state, "open": state == "open", "read": True,
                              "title": None, "priority": "priority" if case["outage"] else "not_priority",
                              "source": {"type": "conversation", "id": str(number * 10), "delivered_as": "customer_initiated", "subject": "", "body": f"<p>{first_words(case)}</p>",
                                         "author": {"type": "user", "id": customer, "name": "Guest %d" % case["customer"], "email": "guest%04d@example.com" % case["customer"]}},
                              "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": customer}]}, "admin_assignee_id": int(agent), "team_assignee_id": None,
                              "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "1", "name": case["brand"]}]}, "conversation_rating": rating,
                              "statistics": {"type": "conversation_statistics", "count_conversation_parts": len(parts)},
                              "conversation_parts": {"type": "conversation_part.list", "total_count": len(parts), "conversation_parts": parts}})
    half = len(conversations) * 2 // 3
    pages = [conversations[:half], conversations[half - 12:]]  # the pages overlap by twelve conversations
    for n, page in enumerate(pages, 1):
        packed(f"intercom-page{n}.json.gz", json.dumps({"type": "conversation.list", "conversations": page, "pages": {"type": "pages", "page": n, "total_pages": 2}, "total_count": len(conversations)},
                                                       ensure_ascii=False, separators=(",", ":")))


def chatwoot():
    conversations, messages, number, message_id = [], [], 1000, 60000
    for case in cases("chatwoot"):
        number += 1
        agent = r.choice(["31", "32"])
        customer = 20000 + case["customer"]
        feeling = mood(case)
        first = None

        def say(at, kind, body, sender, private=False):
            nonlocal message_id
            message_id += 1
            messages.append({"id": message_id, "content": body, "conversation_id": number, "inbox_id": 3, "message_type": kind, "content_type": "text", "content_attributes": {},
                             "status": "sent", "created_at": unix(at), "private": private, "source_id": None, "sender": sender})

        guest = {"id": customer, "name": "访客%d" % case["customer"], "type": "contact"}
        person = {"id": int(agent), "name": AGENTS[agent][0], "type": "user"}
        say(case["opened"], 0, first_words(case), guest)
        say(case["opened"] + timedelta(seconds=2), 1, BOT[case["language"]], {"id": 1, "name": "小云", "type": "agent_bot"})
        now, status = case["opened"], "open"
        if r.random() > 0.07:
            now = first = reply_after(now, case, agent, 9)
            say(now, 1, r.choice(REPLIES[case["language"]]), person)
            for _ in range(r.choices([1, 2, 3], [5, 3, 1])[0]):
                now += timedelta(minutes=r.expovariate(1 / 4) + 0.2)
                say(now, 0, last_words(case, "plain"), guest)
                now += timedelta(minutes=r.expovariate(1 / 3) + 0.2)
                say(now, 1, r.choice(REPLIES[case["language"]]), person)
            now += timedelta(minutes=3)
            say(now, 0, last_words(case, feeling), guest)
            if r.random() < 0.9:
                now += timedelta(minutes=2)
                say(now, 2, "Conversation was marked resolved by " + AGENTS[agent][0], None)
                status = "resolved"
        conversations.append({"id": number, "uuid": "00000000-0000-4000-8000-%012d" % number, "account_id": 1, "inbox_id": 3, "status": status, "priority": None,
                              "labels": [case["brand"].lower().replace(" ", "-")], "created_at": unix(case["opened"]), "timestamp": unix(now), "last_activity_at": unix(now),
                              "first_reply_created_at": unix(first) if first else 0, "waiting_since": 0, "agent_last_seen_at": 0, "contact_last_seen_at": 0, "snoozed_until": None,
                              "custom_attributes": {}, "additional_attributes": {}, "unread_count": 0,
                              "meta": {"sender": {"id": customer, "name": "访客%d" % case["customer"], "type": "contact"}, "channel": "Channel::WebWidget",
                                       "assignee": {"id": int(agent), "name": AGENTS[agent][0]} if first else None, "hmac_verified": False}, "messages": []})
    packed("chatwoot-conversations.json.gz", json.dumps({"data": {"meta": {"mine_count": 0, "unassigned_count": 0, "all_count": len(conversations)}, "payload": conversations}}, ensure_ascii=False, separators=(",", ":")))
    packed("chatwoot-messages.jsonl.gz", "".join(json.dumps(m, ensure_ascii=False, separators=(",", ":")) + "\n" for m in messages))


def instant_messages():
    """The shop's own IM log: a plain CSV that only the mapping beside it can explain."""
    rows, number = [], 0
    for case in cases("im"):
        number += 1
        conversation, agent = "S%06d" % number, r.choice(["im-07", "im-11"])
        feeling, k = mood(case), 0

        def say(at, who, author, text):
            nonlocal k
            k += 1
            rows.append([f"{conversation}-{k}", conversation, at.strftime("%Y/%m/%d %H:%M:%S"), who, author, case["brand"], text])

        say(case["opened"], "顾客", "wx%05d" % case["customer"], first_words(case))
        say(case["opened"] + timedelta(seconds=1), "机器人", "xiaoyun", BOT["zh"])
        if r.random() < 0.9:
            now = reply_after(case["opened"], case, agent, 4)
            say(now, "客服", agent, r.choice(REPLIES["zh"]))
            for _ in range(r.choices([0, 1, 2], [4, 4, 1])[0]):
                now += timedelta(minutes=r.expovariate(1 / 3) + 0.1)
                say(now, "顾客", "wx%05d" % case["customer"], last_words(case, "plain"))
                now += timedelta(minutes=r.expovariate(1 / 2) + 0.1)
                say(now, "客服", agent, r.choice(REPLIES["zh"]))
            now += timedelta(minutes=2)
            say(now, "顾客", "wx%05d" % case["customer"], last_words(case, feeling))
    with open(OUT / "im-messages.csv", "w", newline="", encoding="utf-8-sig") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["消息编号", "会话编号", "发送时间", "角色", "发送人", "品牌", "内容"])
        w.writerows(row for row in rows if within(datetime.strptime(row[2], "%Y/%m/%d %H:%M:%S")))


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    zendesk()
    freshdesk()
    intercom()
    chatwoot()
    instant_messages()
    for path in sorted(OUT.iterdir()):
        print(f"{path.stat().st_size:>9}  {path.name}")
