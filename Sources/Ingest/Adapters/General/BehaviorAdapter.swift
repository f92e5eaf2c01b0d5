import Records
import Runtime

/// Behaviour on web pages and in apps as JSON Lines: who did what on which page, how long, on which device.
///
/// Shape: the flat events that trackers write (`event` or `action`, `page` or `url`, `visitor_id` or `anonymous_id`, `dwell` in
/// seconds, `device`); names differ and are tried in turn. Times are ISO 8601 with an offset, or unix seconds or milliseconds
/// under a name that says which (`ts_ms`).
package struct BehaviorAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "behavior.jsonl", reads: "web and app behaviour: events with page, dwell, click, device",
            shapeSource: "usual keys of web trackers", zone: .stated, defaultSource: "web")
    }

    private static let visitor = [
        "visitor_id", "anonymous_id", "anonymousId", "distinct_id", "client_id", "cookie_id", "visitorId",
    ]
    private static let action = ["action", "event", "event_name", "event_type", "eventName"]
    private static let page = ["page", "page_url", "url", "path", "screen", "pageUrl"]
    private static let dwell = ["dwell_seconds", "dwell", "duration_seconds", "time_on_page", "stay_seconds"]
    private static let device = ["device_id", "deviceId", "device", "device_type"]
    private static let customer = ["customer_id", "user_id", "userId", "member_id"]
    private static let time = ["at", "timestamp", "time", "event_time", "occurred_at", "ts"]

    private static func value(_ item: JSONValue, _ names: [String]) -> JSONValue? {
        names.lazy.compactMap { item[$0] }.first { !$0.isNull }
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object, document["source"] == nil || document["type"] == nil else { return 0 }
        let found = [
            BehaviorAdapter.visitor, BehaviorAdapter.action, BehaviorAdapter.page, BehaviorAdapter.time + ["ts_ms"],
        ].count { BehaviorAdapter.value(document, $0) != nil }
        guard BehaviorAdapter.value(document, BehaviorAdapter.visitor) != nil, found >= 3 else { return 0 }
        return found == 4 ? 0.9 : 0.65
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        guard item.kind == .object else { throw ItemFault(.badSyntax, "an object is expected") }
        guard let visitor = BehaviorAdapter.value(item, BehaviorAdapter.visitor)?.id else {
            throw .missing("visitor_id")
        }
        guard let action = BehaviorAdapter.value(item, BehaviorAdapter.action)?.id else { throw .missing("action") }
        let at: Timestamp
        if let stamp = item["ts_ms"] ?? item["timestamp_ms"] {
            at = try records.requiredTime(stamp, "ts_ms", as: .unixMilliseconds)
        } else {
            let stamp = BehaviorAdapter.value(item, BehaviorAdapter.time)
            at = try records.requiredTime(stamp, "at", as: stamp?.kind == .number ? .unixSeconds : .iso)
        }
        let id = item["event_id"]?.id ?? item["id"]?.id ?? item.stableID
        let dwell = BehaviorAdapter.value(item, BehaviorAdapter.dwell)?.real
        records.add(.behavior) { row in
            row.set(BehaviorField.id, id)
            row.set(BehaviorField.at, time: at)
            row.set(BehaviorField.visitorID, visitor)
            row.set(BehaviorField.action, action)
            row.set(BehaviorField.page, BehaviorAdapter.value(item, BehaviorAdapter.page))
            if let dwell { row.set(BehaviorField.dwellSeconds, real: dwell) }
            row.set(BehaviorField.deviceID, BehaviorAdapter.value(item, BehaviorAdapter.device)?.id)
            row.set(BehaviorField.customerID, BehaviorAdapter.value(item, BehaviorAdapter.customer)?.id)
            row.set(BehaviorField.value, item["value"]?.id)
        }
    }
}
